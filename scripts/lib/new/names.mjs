/** What a name is called where: `dead-share` as `DeadShare`, `deadShare` and "dead share". Throws where it is no name. */
export function namesOf(name) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name ?? ""))
    throw new Error(`a name is words of small letters and digits joined by -, such as dead-share, got ${JSON.stringify(name)}`);
  const words = name.split("-");
  const Name = words.map((word) => word[0].toUpperCase() + word.slice(1)).join("");
  return { name, Name, camel: Name[0].toLowerCase() + Name.slice(1), words: words.join(" ") };
}

/** A template's text with the names in it. */
export function fill(text, names) {
  return text.replace(/\{\{(\w+)\}\}/g, (_, key) => names[key]);
}

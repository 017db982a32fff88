import childProcess from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import { fileURLToPath } from "node:url";

/** What opens, lists or changes something by its path. */
const byPath =
  /^(open|openAsBlob|opendir|readFile|createReadStream|createWriteStream|readdir|readlink|writeFile|appendFile|copyFile|cp|rename|unlink|rm|rmdir|mkdir|mkdtemp|symlink|link|truncate|chmod|watch|watchFile)(Sync)?$/;

/**
 * Keeps from now on what this process opens: `taken()` gives the paths, links followed, since it was last called, and other processes and connections as `process` and `connection`. ES modules that import a function by its name are seen too.
 */
export function watchFiles() {
  let seen = [];
  const { realpathSync } = fs;
  const where = (path) => {
    const text = path instanceof URL ? fileURLToPath(path) : String(path);
    try {
      return realpathSync(text);
    } catch {
      return text;
    }
  };
  const wrap = (holder, name, tell) => {
    const original = holder[name];
    holder[name] = function (...values) {
      if (typeof values[0] !== "number") seen.push(tell(values[0]));
      return new.target ? Reflect.construct(original, values) : Reflect.apply(original, this, values);
    };
  };
  for (const holder of [fs, fs.promises])
    for (const name of Object.keys(holder)) if (byPath.test(name)) wrap(holder, name, where);
  for (const name of ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"])
    wrap(childProcess, name, () => "process");
  for (const name of ["connect", "createConnection"]) wrap(net, name, () => "connection");
  syncBuiltinESMExports();
  return () => {
    const all = seen;
    seen = [];
    return all;
  };
}

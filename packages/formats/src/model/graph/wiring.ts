/** A layer as it is looked at where places are chosen: what it puts out, and what is known of it. */
export interface WiredLayer {
  /** Of what it puts out. */
  readonly name: string;
  readonly module: string;
  readonly inputs: readonly string[];
  readonly role:
    | "activation"
    | "recurrent"
    /** Of several values. */
    | "sum"
    /** What it computes is not known, so that it may be several layers. */
    | "unknown"
    | "constant"
    | "other";
  /** Whether it has weights that learn. */
  readonly weighted: boolean;
}

/** Layers in the order in which they are computed, between the inputs and outputs of a network. */
export interface Wiring {
  readonly inputs: readonly string[];
  readonly layers: readonly WiredLayer[];
  readonly outputs: readonly string[];
}

export interface ChosenPlace {
  readonly layer: WiredLayer;
  readonly kind: "activation" | "block";
  /** Whether all that reaches the output passes it. */
  readonly main: boolean;
}

export interface ChooseOptions {
  /** Whether sums count as places even where an activation follows. */
  readonly everySum?: boolean;
  /** Whether what a layer puts out may be looked at at all. Default yes. */
  readonly may?: (name: string) => boolean;
}

/**
 * The places of a network that are looked at: activations, recurrent layers, what is not known, and the sums that blocks end with; none behind the last layer with weights, which is the output's. A sum that an activation of its own
 * module follows is not the end of it, and neither is what is not known where nothing but activations follow.
 */
export function choosePlaces(wiring: Wiring, { everySum = false, may = () => true }: ChooseOptions = {}): ChosenPlace[] {
  const { layers } = wiring;
  const users = new Map<string, WiredLayer[]>();
  for (const layer of layers) for (const name of new Set(layer.inputs)) users.set(name, [...(users.get(name) ?? []), layer]);
  const before = leadsToWeights(layers);
  const cuts = cutLayers(wiring);
  const places = layers.flatMap((layer): ChosenPlace[] => {
    const { name, role } = layer;
    if (!before.has(name) || !may(name)) return [];
    const next = users.get(name) ?? [];
    const looked =
      role === "activation" ||
      role === "recurrent" ||
      (role === "sum" && (everySum || !endsInside(layer, next))) ||
      (role === "unknown" && !next.every((user) => user.role === "activation"));
    return looked ? [{ layer, kind: role === "sum" ? "block" : "activation", main: cuts.has(name) }] : [];
  });
  // A module that ends with several sums, one after the other, ends with the last.
  const last = new Map(places.filter(({ kind }) => kind === "block").map((place) => [place.layer.module, place]));
  return places.filter((place) => place.kind === "activation" || last.get(place.layer.module) === place);
}

/** Whether an activation of the same module follows a sum. */
function endsInside({ module: own, name }: WiredLayer, users: readonly WiredLayer[]): boolean {
  return users.some(({ role, module: other }) => {
    if (role !== "activation") return false;
    return (
      other === own || other.startsWith(`${own}.`) || (own.includes("/") && parentOf(own) === parentOf(other)) || own === name
    );
  });
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** The layers whose values go into a layer with weights somewhere behind them. */
function leadsToWeights(layers: readonly WiredLayer[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { name: own, weighted, inputs } of [...layers].reverse())
    if (weighted || found.has(own)) for (const name of inputs) found.add(name);
  return found;
}

/** The layers through which every way from the inputs to the outputs leads. */
function cutLayers({ inputs, layers, outputs }: Wiring): ReadonlySet<string> {
  const fed = new Set(inputs);
  for (const { name, inputs: from } of layers) if (from.some((one) => fed.has(one))) fed.add(name);
  // What begins at constants is no way from the inputs.
  const order = new Map(layers.filter(({ name }) => fed.has(name)).map(({ name }, k) => [name, k]));
  const lastUse = new Map<string, number>();
  for (const layer of layers) {
    const at = order.get(layer.name);
    if (at === undefined) continue;
    for (const name of layer.inputs) if (fed.has(name)) lastUse.set(name, at);
  }
  const end = order.size;
  for (const name of outputs) lastUse.set(name, end);
  let reach = Math.max(0, ...inputs.map((name) => lastUse.get(name) ?? 0));
  const cuts = new Set<string>();
  for (const [name, at] of order) {
    if (reach <= at) cuts.add(name);
    reach = Math.max(reach, lastUse.get(name) ?? 0);
  }
  return cuts;
}

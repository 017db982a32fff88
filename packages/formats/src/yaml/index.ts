export { parseYaml } from "./parse-yaml.js";

// npm run build: dependencies, WebAssembly modules and all packages, each only where something changed.
import { setUpOrExit } from "./lib/setup.mjs";

await setUpOrExit();

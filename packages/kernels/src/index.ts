export { type MathModule, mathModule } from "./math.js";

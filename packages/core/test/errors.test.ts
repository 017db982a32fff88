import { expect, it } from "vitest";
import { ConfigError, FormatError, SondeError } from "../src/index.js";

it("errors leave out the middle of what is longer than a line", () => {
  const path = `layers[0]${".body[0]".repeat(60)}.units`;
  const { message } = new ConfigError(`${path} must be a number, got ${"x".repeat(1e5)}`);
  expect(message.length).toBeLessThan(200);
  expect(message).toMatch(/^layers\[0\]\.body.*….*\.body\[0\]\.units must be a number, got x+…x+$/);
  expect(new FormatError(`${"y".repeat(99)} is kept`).message).toBe(`${"y".repeat(99)} is kept`);
  expect(new ConfigError("a", { cause: "b" })).toMatchObject({ name: "ConfigError", cause: "b" });
  expect(new SondeError("a")).toBeInstanceOf(Error);
});

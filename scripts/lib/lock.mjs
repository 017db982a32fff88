import { linkSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Runs `action` while no other process runs one under the same lock file. The file holds the owner's process id; the lock of a process that
 * is gone is taken over. `onWait(owner)` is called once if we have to wait.
 */
export async function withLock(path, action, onWait = () => {}) {
  mkdirSync(dirname(path), { recursive: true });
  for (let waited = false; !acquire(path); ) {
    const owner = ownerOf(path);
    if (owner !== undefined && !isAlive(owner)) removeStale(path, owner);
    else {
      if (!waited) onWait(owner);
      waited = true;
      await sleep(100);
    }
  }
  const release = () => rmSync(path, { force: true });
  process.on("exit", release);
  try {
    return await action();
  } finally {
    process.off("exit", release);
    release();
  }
}

/** A hard link appears at once and with its content, so a lock never exists without its owner's name. */
function acquire(path) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

function ownerOf(path) {
  try {
    return Number(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/**
 * Removes the lock of a dead owner. Only the process that makes the folder named after that owner may, and it looks again first: otherwise a
 * slow waiter could remove the fresh lock of the one that came before it.
 */
function removeStale(path, owner) {
  const permit = `${path}.takeover-${owner}`;
  try {
    mkdirSync(permit);
  } catch (error) {
    if (error.code === "EEXIST") return;
    throw error;
  }
  if (ownerOf(path) === owner) rmSync(path);
  rmdirSync(permit);
}

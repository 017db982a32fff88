import fc from "fast-check";

// The same cases in every run, so that a failure on one machine is a failure on all; FC_SEED asks for others.
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 1) });

import fc from "fast-check";

/** The same inputs in every run, so that a red test is red for everybody; `LOCKWISE_SEED=$RANDOM npm test` tries others. */
fc.configureGlobal({ seed: Number(process.env.LOCKWISE_SEED ?? 2026) });

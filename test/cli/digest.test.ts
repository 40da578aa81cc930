import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { digestOf, openDigest } from "../../src/cli/digest.ts";

const plain = (texts: readonly string[]) =>
  createHash("sha256")
    .update(texts.map((text) => `${text.length}:${text}`).join(""))
    .digest("hex");

it("is the hash of the texts with their lengths, however long they are", () => {
  const long = "é🐘".repeat(400_000);
  for (const texts of [
    [],
    [""],
    ["a", "b"],
    [long],
    [`x${long}`, "y", long],
    Array(50).fill("z".repeat(50_000)),
  ])
    expect(digestOf(texts)).toBe(plain(texts));
});

it("tells texts apart that are one text together, and pairs that a piece ends in", () => {
  expect(digestOf(["ab", "c"])).not.toBe(digestOf(["a", "bc"]));
  const filling = "x".repeat((1 << 20) - 1);
  expect(digestOf([`${filling}🐘 and more`])).not.toBe(digestOf([`${filling}🐙 and more`]));
});

it("may be asked on the way", () => {
  const digest = openDigest();
  digest.add("a");
  expect(digest.value()).toBe(plain(["a"]));
  digest.add("b");
  expect(digest.value()).toBe(plain(["a", "b"]));
});

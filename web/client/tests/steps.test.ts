/** Arrows through a menu: round in a list, by rows and columns in a grid. */
import { expect, test } from "vitest";
import { step } from "../models/steps";

test("a list goes round", () => {
  expect(step("ArrowDown", 0, 3)).toBe(1);
  expect(step("ArrowDown", 2, 3)).toBe(0);
  expect(step("ArrowUp", 0, 3)).toBe(2);
  expect(step("Home", 2, 3)).toBe(0);
  expect(step("End", 0, 3)).toBe(2);
});

test("a list leaves the arrows to the sides alone, and other keys too", () => {
  expect(step("ArrowRight", 0, 3)).toBeUndefined();
  expect(step("a", 0, 3)).toBeUndefined();
});

test("a grid is gone through by columns, and its last row may be short", () => {
  // 0 1 2
  // 3 4
  expect(step("ArrowDown", 1, 5, 3)).toBe(4);
  expect(step("ArrowDown", 4, 5, 3)).toBe(1);
  expect(step("ArrowDown", 2, 5, 3)).toBe(2);
  expect(step("ArrowUp", 0, 5, 3)).toBe(3);
  expect(step("ArrowUp", 2, 5, 3)).toBe(2);
  expect(step("ArrowRight", 2, 5, 3)).toBe(3);
  expect(step("ArrowRight", 4, 5, 3)).toBe(0);
  expect(step("ArrowLeft", 0, 5, 3)).toBe(4);
});

test("whoever is nowhere yet begins at the first", () => {
  expect(step("ArrowDown", -1, 5)).toBe(0);
});

// The WebAssembly instructions that the kernels use, as typed functions that make expressions.
//
// An expression is a tree. Used twice it is computed twice: keep what is shared in a local (`Code.keep`).
import { float32Bytes, float64Bytes, signed, unsigned } from "./bytes.ts";

/** The types of a value in WebAssembly; `v128` holds four float32, four int32 or two float64. */
export type ValueType = "i32" | "f32" | "f64" | "v128";

/** An instruction with its operands; of type null it gives no value, as a store. */
export interface Expression<T extends ValueType | null = ValueType | null> {
  readonly type: T;
  /** As in the text format: "f32x4.add", "i32.const 7". */
  readonly text: string;
  /** The operation and its immediates, encoded. */
  readonly bytes: readonly number[];
  readonly operands: readonly Expression[];
}

export type I32 = Expression<"i32">;
export type F32 = Expression<"f32">;
export type F64 = Expression<"f64">;
export type V128 = Expression<"v128">;

const make =
  <T extends ValueType | null, Operands extends readonly Expression[]>(type: T, text: string, ...code: number[]) =>
  (...operands: Operands): Expression<T> => ({ type, text, bytes: code, operands });

/** Vector instructions have a prefix and a longer number. */
const vector = <Operands extends readonly Expression[]>(text: string, code: number) =>
  make<"v128", Operands>("v128", text, 0xfd, ...unsigned(code));

/** A vector instruction that names a lane. */
const lane =
  <T extends ValueType, Operands extends readonly Expression[]>(type: T, text: string, code: number) =>
  (index: number, ...operands: Operands): Expression<T> => ({
    type,
    text: `${text} ${index}`,
    bytes: [0xfd, ...unsigned(code), index],
    operands,
  });

/** Alignment is a hint; kernels promise none, as arrays may begin anywhere. The offset is added to the address. */
const memory = (offset: number) => [0, ...unsigned(offset)];
const place = (text: string, offset: number) => (offset === 0 ? text : `${text} offset=${offset}`);

const load =
  <T extends ValueType>(type: T, text: string, ...code: number[]) =>
  (address: I32, offset = 0): Expression<T> => ({
    type,
    text: place(text, offset),
    bytes: [...code, ...memory(offset)],
    operands: [address],
  });

const store =
  <T extends ValueType>(text: string, ...code: number[]) =>
  (address: I32, value: Expression<T>, offset = 0): Expression<null> => ({
    type: null,
    text: place(text, offset),
    bytes: [...code, ...memory(offset)],
    operands: [address, value],
  });

type Two<T extends Expression> = [T, T];

/** 32-bit integers; addresses are among them. */
export const i32 = {
  constant: (value: number): I32 => ({
    type: "i32",
    text: `i32.const ${value}`,
    bytes: [0x41, ...signed(value)],
    operands: [],
  }),
  load: load("i32", "i32.load", 0x28),
  /** One byte, from 0 to 255. */
  loadByte: load("i32", "i32.load8_u", 0x2d),
  store: store<"i32">("i32.store", 0x36),
  isZero: make<"i32", [I32]>("i32", "i32.eqz", 0x45),
  equal: make<"i32", Two<I32>>("i32", "i32.eq", 0x46),
  /** a < b, unsigned, as addresses and counts are. */
  less: make<"i32", Two<I32>>("i32", "i32.lt_u", 0x49),
  greater: make<"i32", Two<I32>>("i32", "i32.gt_u", 0x4b),
  /** a > 0, signed. */
  positive: (value: I32): I32 => make<"i32", Two<I32>>("i32", "i32.gt_s", 0x4a)(value, i32.constant(0)),
  leadingZeros: make<"i32", [I32]>("i32", "i32.clz", 0x67),
  add: make<"i32", Two<I32>>("i32", "i32.add", 0x6a),
  sub: make<"i32", Two<I32>>("i32", "i32.sub", 0x6b),
  mul: make<"i32", Two<I32>>("i32", "i32.mul", 0x6c),
  and: make<"i32", Two<I32>>("i32", "i32.and", 0x71),
  or: make<"i32", Two<I32>>("i32", "i32.or", 0x72),
  shiftLeft: make<"i32", Two<I32>>("i32", "i32.shl", 0x74),
  /** Unsigned. */
  shiftRight: make<"i32", Two<I32>>("i32", "i32.shr_u", 0x76),
  /** `yes` where the condition is not 0, else `no`. */
  select: (yes: I32, no: I32, condition: I32) =>
    make<"i32", [I32, I32, I32]>("i32", "select", 0x1b)(yes, no, condition),
};

/** Single float32 numbers. */
export const f32 = {
  constant: (value: number): F32 => ({
    type: "f32",
    text: `f32.const ${Math.fround(value)}`,
    bytes: [0x43, ...float32Bytes(value)],
    operands: [],
  }),
  load: load("f32", "f32.load", 0x2a),
  store: store<"f32">("f32.store", 0x38),
  ge: make<"i32", Two<F32>>("i32", "f32.ge", 0x60),
  gt: make<"i32", Two<F32>>("i32", "f32.gt", 0x5e),
  lt: make<"i32", Two<F32>>("i32", "f32.lt", 0x5d),
  abs: make<"f32", [F32]>("f32", "f32.abs", 0x8b),
  nearest: make<"f32", [F32]>("f32", "f32.nearest", 0x90),
  add: make<"f32", Two<F32>>("f32", "f32.add", 0x92),
  sub: make<"f32", Two<F32>>("f32", "f32.sub", 0x93),
  mul: make<"f32", Two<F32>>("f32", "f32.mul", 0x94),
  div: make<"f32", Two<F32>>("f32", "f32.div", 0x95),
  /** The larger; NaN if one is NaN. */
  max: make<"f32", Two<F32>>("f32", "f32.max", 0x97),
  fromF64: make<"f32", [F64]>("f32", "f32.demote_f64", 0xb6),
  fromI32: make<"f32", [I32]>("f32", "f32.convert_i32_u", 0xb3),
  select: (yes: F32, no: F32, condition: I32) =>
    make<"f32", [F32, F32, I32]>("f32", "select", 0x1b)(yes, no, condition),
};

/** Single float64 numbers. */
export const f64 = {
  constant: (value: number): F64 => ({
    type: "f64",
    text: `f64.const ${value}`,
    bytes: [0x44, ...float64Bytes(value)],
    operands: [],
  }),
  store: store<"f64">("f64.store", 0x39),
  gt: make<"i32", Two<F64>>("i32", "f64.gt", 0x64),
  ge: make<"i32", Two<F64>>("i32", "f64.ge", 0x66),
  le: make<"i32", Two<F64>>("i32", "f64.le", 0x65),
  add: make<"f64", Two<F64>>("f64", "f64.add", 0xa0),
  sub: make<"f64", Two<F64>>("f64", "f64.sub", 0xa1),
  mul: make<"f64", Two<F64>>("f64", "f64.mul", 0xa2),
  fromF32: make<"f64", [F32]>("f64", "f64.promote_f32", 0xbb),
  select: (yes: F64, no: F64, condition: I32) =>
    make<"f64", [F64, F64, I32]>("f64", "select", 0x1b)(yes, no, condition),
};

/** Vectors of 16 bytes, whatever is in them. */
export const v128 = {
  load: load("v128", "v128.load", 0xfd, 0x00),
  /** One 32-bit number into all lanes. */
  loadSplat: load("v128", "v128.load32_splat", 0xfd, 0x09),
  /** One 32-bit number into lane 0, the others 0. */
  loadFirst: load("v128", "v128.load32_zero", 0xfd, 0x5c),
  /** Eight bytes into the first half, the second 0. */
  loadFirstHalf: load("v128", "v128.load64_zero", 0xfd, 0x5d),
  store: store<"v128">("v128.store", 0xfd, 0x0b),
  /** The vector with one lane replaced by a 32-bit number from memory. */
  loadLane: (index: number, address: I32, value: V128, offset = 0): V128 => ({
    type: "v128",
    text: `${place("v128.load32_lane", offset)} ${index}`,
    bytes: [0xfd, 0x56, ...memory(offset), index],
    operands: [address, value],
  }),
  storeLane: (index: number, address: I32, value: V128, offset = 0): Expression<null> => ({
    type: null,
    text: `${place("v128.store32_lane", offset)} ${index}`,
    bytes: [0xfd, 0x5a, ...memory(offset), index],
    operands: [address, value],
  }),
  /** Stores the first or the second half. */
  storeHalf: (index: number, address: I32, value: V128, offset = 0): Expression<null> => ({
    type: null,
    text: `${place("v128.store64_lane", offset)} ${index}`,
    bytes: [0xfd, 0x5b, ...memory(offset), index],
    operands: [address, value],
  }),
  not: vector<[V128]>("v128.not", 0x4d),
  and: vector<Two<V128>>("v128.and", 0x4e),
  /** a and not b */
  andNot: vector<Two<V128>>("v128.andnot", 0x4f),
  or: vector<Two<V128>>("v128.or", 0x50),
  xor: vector<Two<V128>>("v128.xor", 0x51),
  /** `yes` where the mask has ones, else `no`. */
  select: (yes: V128, no: V128, mask: V128) => vector<[V128, V128, V128]>("v128.bitselect", 0x52)(yes, no, mask),
  any: make<"i32", [V128]>("i32", "v128.any_true", 0xfd, 0x53),
  /** Lanes of 32 bits picked from two vectors: 0 to 3 from the first, 4 to 7 from the second. */
  shuffle: (lanes: readonly [number, number, number, number], a: V128, b: V128): V128 => shuffled(4, lanes, a, b),
  /** Lanes of so many bytes by turns from two vectors, beginning with a: those of their first or second halves. */
  interleave: (laneBytes: 1 | 2, half: 0 | 1, a: V128, b: V128): V128 => {
    const count = 8 / laneBytes;
    const lanes = Array.from({ length: 2 * count }, (_, k) => half * count + (k >> 1) + (k % 2) * 2 * count);
    return shuffled(laneBytes, lanes, a, b);
  },
};

/** Lanes of so many bytes picked from two vectors. */
function shuffled(laneBytes: number, lanes: readonly number[], a: V128, b: V128): V128 {
  const bytes = [0xfd, 0x0d];
  for (const lane of lanes) for (let k = 0; k < laneBytes; k++) bytes.push(laneBytes * lane + k);
  return { type: "v128", text: `i8x16.shuffle ${bytes.slice(2).join(" ")}`, bytes, operands: [a, b] };
}

/** Sixteen bytes. */
export const i8x16 = {
  /** a - b, and 0 where b is larger, unsigned. */
  subOrZero: vector<Two<V128>>("i8x16.sub_sat_u", 0x73),
};

/** Eight int16. */
export const i16x8 = {
  shiftLeft: vector<[V128, I32]>("i16x8.shl", 0x8b),
};

/** Four int32. */
export const i32x4 = {
  splat: vector<[I32]>("i32x4.splat", 0x11),
  lane: lane<"i32", [V128]>("i32", "i32x4.extract_lane", 0x1b),
  replaceLane: lane<"v128", [V128, I32]>("v128", "i32x4.replace_lane", 0x1c),
  equal: vector<Two<V128>>("i32x4.eq", 0x37),
  /** Unsigned. */
  less: vector<Two<V128>>("i32x4.lt_u", 0x3a),
  fromBytes: vector<[V128]>("i16x8.extend_low_i8x16_u", 0x89),
  fromShorts: vector<[V128]>("i32x4.extend_low_i16x8_u", 0xa9),
  all: make<"i32", [V128]>("i32", "i32x4.all_true", 0xfd, 0xa3, 0x01),
  shiftLeft: vector<[V128, I32]>("i32x4.shl", 0xab),
  shiftRight: vector<[V128, I32]>("i32x4.shr_s", 0xac),
  add: vector<Two<V128>>("i32x4.add", 0xae),
  sub: vector<Two<V128>>("i32x4.sub", 0xb1),
  /** Unsigned: of float32 bits with equal signs, the smaller and larger magnitude. NaN is the largest. */
  min: vector<Two<V128>>("i32x4.min_u", 0xb7),
  max: vector<Two<V128>>("i32x4.max_u", 0xb9),
};

/** Four float32. */
export const f32x4 = {
  splat: vector<[F32]>("f32x4.splat", 0x13),
  lane: lane<"f32", [V128]>("f32", "f32x4.extract_lane", 0x1f),
  replaceLane: lane<"v128", [V128, F32]>("v128", "f32x4.replace_lane", 0x20),
  eq: vector<Two<V128>>("f32x4.eq", 0x41),
  ne: vector<Two<V128>>("f32x4.ne", 0x42),
  lt: vector<Two<V128>>("f32x4.lt", 0x43),
  gt: vector<Two<V128>>("f32x4.gt", 0x44),
  le: vector<Two<V128>>("f32x4.le", 0x45),
  ge: vector<Two<V128>>("f32x4.ge", 0x46),
  fromF64: vector<[V128]>("f32x4.demote_f64x2_zero", 0x5e),
  nearest: vector<[V128]>("f32x4.nearest", 0x6a),
  abs: vector<[V128]>("f32x4.abs", 0xe0),
  neg: vector<[V128]>("f32x4.neg", 0xe1),
  sqrt: vector<[V128]>("f32x4.sqrt", 0xe3),
  add: vector<Two<V128>>("f32x4.add", 0xe4),
  sub: vector<Two<V128>>("f32x4.sub", 0xe5),
  mul: vector<Two<V128>>("f32x4.mul", 0xe6),
  div: vector<Two<V128>>("f32x4.div", 0xe7),
  /** The larger; NaN if one is NaN. */
  max: vector<Two<V128>>("f32x4.max", 0xe9),
  /** b where b < a, else a: one machine instruction, and a NaN in a stays. */
  pmin: vector<Two<V128>>("f32x4.pmin", 0xea),
  /** b where a < b, else a: one machine instruction, and a NaN in a stays. */
  pmax: vector<Two<V128>>("f32x4.pmax", 0xeb),
  fromInts: vector<[V128]>("f32x4.convert_i32x4_s", 0xfa),
  /** a b + c, rounded once where the machine can; only of relaxed SIMD. */
  relaxedMadd: vector<[V128, V128, V128]>("f32x4.relaxed_madd", 0x105),
  /** c - a b, the same. */
  relaxedNmadd: vector<[V128, V128, V128]>("f32x4.relaxed_nmadd", 0x106),
};

/** Two float64. */
export const f64x2 = {
  splat: vector<[F64]>("f64x2.splat", 0x14),
  lane: lane<"f64", [V128]>("f64", "f64x2.extract_lane", 0x21),
  /** The float32 of lanes 0 and 1. */
  fromLow: vector<[V128]>("f64x2.promote_low_f32x4", 0x5f),
  add: vector<Two<V128>>("f64x2.add", 0xf0),
  sub: vector<Two<V128>>("f64x2.sub", 0xf1),
  mul: vector<Two<V128>>("f64x2.mul", 0xf2),
  div: vector<Two<V128>>("f64x2.div", 0xf3),
};

// Eight floats at a time, and exp and log1p on them, in GCC's vector extensions: whatever -march=native offers is used.
#pragma once
#include <cstdint>
#include <cstring>

constexpr int lanes = 8;
typedef float floats __attribute__((vector_size(4 * lanes)));
typedef int32_t ints __attribute__((vector_size(4 * lanes)));

inline floats all(float value) { return floats{} + value; }

inline floats load(const float* from) {
  floats values;
  std::memcpy(&values, from, sizeof values);
  return values;
}

inline void store(float* to, floats values) { std::memcpy(to, &values, sizeof values); }

inline floats larger(floats a, floats b) { return a > b ? a : b; }
inline floats magnitude(floats a) { return (floats)((ints)a & 0x7fffffff); }

inline float sum(floats a) {
  float total = 0;
  for (int l = 0; l < lanes; l++) total += a[l];
  return total;
}

inline double wideSum(floats a) {
  double total = 0;
  for (int l = 0; l < lanes; l++) total += a[l];
  return total;
}

/** exp, to 2 ulp, of numbers up to 88; below -87 the smallest normal number. */
inline floats exponential(floats x) {
  const float magic = 12582912.f; // 1.5 * 2^23: adding it rounds to a whole number
  x = larger(x, all(-87.33f));
  const floats shifted = x * 1.44269504f + magic;
  const floats n = shifted - magic;
  floats r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  floats p = all(1.9875691500e-4f); // Cephes
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + (r + 1.f);
  return p * (floats)((((ints)shifted - (ints)all(magic)) + 127) << 23);
}

/** log(1 + x) of numbers from 0 to 2^20. */
inline floats logarithmOfOnePlus(floats x) {
  const floats u = 1.f + x;
  const floats lost = (x - (u - 1.f)) / u;
  ints bits = (ints)u;
  ints exponent = (bits >> 23) - 126;
  floats m = (floats)((bits & 0x007fffff) | 0x3f000000); // from 0.5 to 1
  const ints small = m < 0.707106781f;
  exponent += small; // true is -1
  m = (small ? m + m : m) - 1.f;
  floats p = all(7.0376836292e-2f); // Cephes
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  const floats square = m * m;
  const floats e = __builtin_convertvector(exponent, floats);
  floats y = p * m * square - e * 2.12194440e-4f - square * 0.5f;
  return (m + y) + e * 0.693359375f + lost;
}

// What this machine can do at most, on one thread: bytes and exponentials per second. Prints one line when asked.
#include <ctime>
#include <iostream>
#include <string>
#include <vector>
#include "lanes.h"

constexpr long count = 1 << 25;  // 128 MB of floats, far more than a cache holds

double cpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

float read(const std::vector<float>& from) {
  floats sums[8] = {};
  for (long k = 0; k < count; k += 8 * lanes)
    for (int u = 0; u < 8; u++) sums[u] += load(from.data() + k + u * lanes);
  floats total = {};
  for (const floats& each : sums) total += each;
  return sum(total);
}

void copy(const std::vector<float>& from, std::vector<float>& to) {
  for (long k = 0; k < count; k += lanes) store(to.data() + k, load(from.data() + k) * 1.000001f);
}

void scale(std::vector<float>& values) {
  for (long k = 0; k < count; k += lanes) store(values.data() + k, load(values.data() + k) * 1.000001f);
}

/** Over 16 kB, which never leave the first cache. */
float powers(const std::vector<float>& from) {
  floats sums[4] = {};
  for (long k = 0; k < count; k += 4 * lanes)
    for (int u = 0; u < 4; u++) sums[u] += exponential(load(from.data() + (k & 4095) + u * lanes));
  return sum(sums[0] + sums[1] + sums[2] + sums[3]);
}

int main() {
  std::vector<float> a(count), b(count);
  for (long k = 0; k < count; k++) a[k] = (k % 1024) / 64.f - 8;
  float kept = 0;
  std::cout << "ready " << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    const double before = cpuSeconds();
    if (line == "read") kept += read(a);
    if (line == "copy") copy(a, b);
    if (line == "inPlace") scale(b);
    if (line == "exp") kept += powers(a);
    const double seconds = cpuSeconds() - before;
    std::cout << seconds << (kept == 1234.5f ? " " : "") << std::endl;
  }
}

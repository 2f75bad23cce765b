// The losses as one would write them in C++ for speed; contenders/child.ts says which lines it answers.
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>
#include "lanes.h"

struct Work {
  std::string activation;
  long examples, classes;
  float gamma;
  std::vector<float> logits;
  std::vector<int32_t> classOf;  // softmax
  std::vector<float> labels;     // sigmoid
  std::vector<float> gradient;
};

/** One row: the sum of exp(logit - max), and exp itself where there is somewhere to put it. */
template <bool withGradient>
float powers(const float* row, float* out, long classes, float max) {
  floats sums[2] = {};
  long j = 0;
  for (; j + 2 * lanes <= classes; j += 2 * lanes) {
    for (int k = 0; k < 2; k++) {
      const floats power = exponential(load(row + j + k * lanes) - max);
      if (withGradient) store(out + j + k * lanes, power);
      sums[k] += power;
    }
  }
  float total = sum(sums[0] + sums[1]);
  for (; j < classes; j++) {
    const float power = std::exp(row[j] - max);
    if (withGradient) out[j] = power;
    total += power;
  }
  return total;
}

float largest(const float* row, long classes) {
  floats max[4] = {all(-INFINITY), all(-INFINITY), all(-INFINITY), all(-INFINITY)};
  long j = 0;
  for (; j + 4 * lanes <= classes; j += 4 * lanes)
    for (int k = 0; k < 4; k++) max[k] = larger(load(row + j + k * lanes), max[k]);
  const floats both = larger(larger(max[0], max[1]), larger(max[2], max[3]));
  float result = -INFINITY;
  for (int l = 0; l < lanes; l++) result = std::max(result, both[l]);
  for (; j < classes; j++) result = std::max(result, row[j]);
  return result;
}

template <bool withGradient>
double softmaxRows(Work& work) {
  double loss = 0;
  for (long n = 0; n < work.examples; n++) {
    const float* row = work.logits.data() + n * work.classes;
    float* out = work.gradient.data() + n * work.classes;
    const float max = largest(row, work.classes);
    const float total = powers<withGradient>(row, out, work.classes, max);
    const int32_t target = work.classOf[n];
    loss += std::log(total) - (row[target] - max);
    if (!withGradient) continue;
    const float scale = 1 / (total * work.examples);
    for (long j = 0; j < work.classes; j++) out[j] *= scale;
    out[target] -= 1.f / work.examples;
  }
  return loss / work.examples;
}

/** Few classes: a lane per row, so that nothing is summed across lanes. */
template <bool withGradient>
double softmaxColumns(Work& work) {
  const long classes = work.classes;
  const long whole = work.examples - work.examples % lanes;
  double loss = 0;
  floats column[32];
  for (long n = 0; n < whole; n += lanes) {
    const float* rows = work.logits.data() + n * classes;
    floats max = all(-INFINITY);
    for (long j = 0; j < classes; j++) {
      for (int l = 0; l < lanes; l++) column[j][l] = rows[l * classes + j];
      max = larger(column[j], max);
    }
    floats total = {}, target;
    for (int l = 0; l < lanes; l++) target[l] = rows[l * classes + work.classOf[n + l]] - max[l];
    for (long j = 0; j < classes; j++) {
      column[j] = exponential(column[j] - max);
      total += column[j];
    }
    loss += wideSum(logarithmOfOnePlus(total - 1.f) - target);
    if (!withGradient) continue;
    const floats scale = 1.f / (total * (float)work.examples);
    float* out = work.gradient.data() + n * classes;
    for (long j = 0; j < classes; j++) {
      const floats share = column[j] * scale;
      for (int l = 0; l < lanes; l++) out[l * classes + j] = share[l];
    }
    for (int l = 0; l < lanes; l++) out[l * classes + work.classOf[n + l]] -= 1.f / work.examples;
  }
  if (whole != work.examples) throw std::runtime_error("a number of rows that 8 does not divide");
  return loss / work.examples;
}

enum class Focus { none, two, any };

/** Label y, logit z, margin s = z or -z: loss (1 - pt)^gamma log(1 + exp(-s)). */
template <bool withGradient, Focus focus>
double sigmoidElements(Work& work) {
  const long size = work.examples * work.classes;
  const float scale = 1.f / work.examples;
  if (size % 64 != 0) throw std::runtime_error("a number of logits that 64 does not divide");
  double loss = 0;
  for (long block = 0; block < size; block += 64) {
    floats linear = {}, product = {};  // cross entropy: one logarithm for the product of all 1 + exp(-|s|)
    for (long k = block; k < block + 64; k += lanes) {
      const floats sign = 2.f * load(work.labels.data() + k) - 1.f;
      const floats margin = sign * load(work.logits.data() + k);
      const floats power = exponential(-magnitude(margin));
      const floats miss = (margin > 0 ? power : all(1)) / (1.f + power);
      if (focus == Focus::none) {
        linear += larger(-margin, all(0));
        product = product * power + (product + power);
        if (withGradient) store(work.gradient.data() + k, -sign * miss * scale);
        continue;
      }
      const floats crossEntropy = larger(-margin, all(0)) + logarithmOfOnePlus(power);
      const floats fade =
          focus == Focus::two ? miss * miss : exponential(-work.gamma * (margin + crossEntropy));
      linear += fade * crossEntropy;
      if (!withGradient) continue;
      const floats slope = -fade * (work.gamma * (1.f - miss) * crossEntropy + miss);
      store(work.gradient.data() + k, sign * slope * scale);
    }
    loss += wideSum(focus == Focus::none ? linear + logarithmOfOnePlus(product) : linear);
  }
  return loss / work.examples;
}

template <bool withGradient>
double run(Work& work) {
  if (work.activation == "softmax")
    return work.classes <= 32 ? softmaxColumns<withGradient>(work) : softmaxRows<withGradient>(work);
  if (work.gamma == 0) return sigmoidElements<withGradient, Focus::none>(work);
  if (work.gamma == 2) return sigmoidElements<withGradient, Focus::two>(work);
  return sigmoidElements<withGradient, Focus::any>(work);
}

template <typename T>
std::vector<T> readAll(const std::string& file, long count) {
  std::vector<T> values(count);
  std::ifstream(file, std::ios::binary).read(reinterpret_cast<char*>(values.data()), count * sizeof(T));
  return values;
}

Work prepare(std::istream& words) {
  Work work;
  std::string logits, labels;
  words >> work.activation >> work.examples >> work.classes >> work.gamma >> logits >> labels;
  const long size = work.examples * work.classes;
  work.logits = readAll<float>(logits, size);
  work.gradient.resize(size);
  if (work.activation == "softmax") {
    work.classOf = readAll<int32_t>(labels, work.examples);
  } else {
    const auto bytes = readAll<uint8_t>(labels, size);
    work.labels.assign(bytes.begin(), bytes.end());
  }
  return work;
}

double cpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

int main() {
  Work work;
  double loss = 0;
  std::cout.precision(17);
  std::cout << "ready g++ " << __VERSION__ << ", " << FLAGS << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string command, which;
    long repeats = 0;
    words >> command;
    try {
      if (command == "prepare") {
        work = prepare(words);
        std::cout << "ok" << std::endl;
      } else if (command == "run") {
        words >> which >> repeats;
        const double before = cpuSeconds();
        for (long k = 0; k < repeats; k++) loss = which == "gradient" ? run<true>(work) : run<false>(work);
        std::cout << cpuSeconds() - before << std::endl;
      } else if (command == "result") {
        std::string file;
        words >> file;
        std::ofstream(file, std::ios::binary)
            .write(reinterpret_cast<const char*>(work.gradient.data()), work.gradient.size() * sizeof(float));
        std::cout << loss << std::endl;
      } else {
        work = Work{};
        std::cout << "ok" << std::endl;
      }
    } catch (const std::exception& error) {
      std::cout << "error " << error.what() << std::endl;
    }
  }
}

// Runs a fuzz target without libFuzzer: every seed as it is, cut off at every length, and with random changes.
//
//   NAME_fuzz SEEDS_FOLDER [CHANGES_PER_SEED [RANDOM_SEED]]
#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"

namespace {

using Random = std::mt19937_64;

void Try(const std::string& input) {
  // A copy of its exact size, so that a sanitizer sees a byte read behind the end.
  std::vector<std::uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

std::string Change(std::string text, const std::vector<std::string>& seeds, Random& random) {
  static const std::string kTelling = "\"\n\r,;.+-=0\x80\xff\x00[{(\xe2\x80\x94 ";
  for (auto times = 1 + random() % 4; times > 0; --times) {
    const std::size_t at = random() % (text.size() + 1);
    const std::size_t length = std::min<std::size_t>(random() % 16, text.size() - at);
    switch (random() % 6) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(random());
        break;
      case 1:
        text.insert(at, 1, kTelling[random() % kTelling.size()]);
        break;
      case 2:
        text.erase(at, length);
        break;
      case 3:
        text.insert(at, text.substr(at, length));
        break;
      case 4: {
        const std::string& other = seeds[random() % seeds.size()];
        const std::size_t from = random() % (other.size() + 1);
        text.insert(at, other.substr(from, random() % 64));
        break;
      }
      default:
        text.insert(at, std::string(random() % 300, kTelling[random() % kTelling.size()]));
    }
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: " << argv[0] << " SEEDS_FOLDER [CHANGES_PER_SEED [RANDOM_SEED]]\n";
    return 2;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(argv[1])) files.push_back(file.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> seeds;
  for (const auto& path : files) {
    std::ifstream file(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  if (seeds.empty()) {
    std::cerr << argv[1] << " holds no seeds\n";
    return 1;
  }
  const unsigned long changes = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 2000;
  const unsigned long random_seed = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : std::random_device{}();
  std::cout << "random seed " << random_seed << std::endl;  // flushed: a crash must not lose it
  Random random(random_seed);
  Try("");
  for (const std::string& seed : seeds) {
    Try(seed);
    const std::size_t step = std::max<std::size_t>(1, seed.size() / 2000);
    for (std::size_t length = 0; length < seed.size(); length += step) Try(seed.substr(0, length));
    for (unsigned long i = 0; i < changes; ++i) Try(Change(seed, seeds, random));
  }
  std::cout << seeds.size() << " seeds, " << changes << " changes of each" << std::endl;
  return 0;
}

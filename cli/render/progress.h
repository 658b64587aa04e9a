// Progress on stderr, for what takes longer than a second.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "cli/render/shown.h"

namespace fundtrail::render {

using Seconds = std::function<double()>;  // a clock that only goes forward
Seconds SteadySeconds();

// Says nothing in the first second, then at most four times a second on a terminal, every five seconds
// elsewhere.
class Progress {
 public:
  Progress(Shown label, Language language, bool terminal, Seconds now,
           std::function<void(const std::string&)> write)
      : label_(std::move(label)),
        language_(language),
        terminal_(terminal),
        now_(std::move(now)),
        write_(std::move(write)),
        start_(now_()) {}
  ~Progress() { Finish(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Update(std::uint64_t done, std::uint64_t total);
  // What was done is done once more from its beginning, under another label.
  void Again(Shown label);
  void Finish();  // clears the line

 private:
  Shown label_;
  Language language_;
  bool terminal_;
  Seconds now_;
  std::function<void(const std::string&)> write_;
  double start_;
  double last_ = 0;
  bool shown_ = false;
};

// "12,000 of 58,260 (20 %), 8,100 a second, 6 s left"
Shown ProgressText(std::uint64_t done, std::uint64_t total, double seconds);

}  // namespace fundtrail::render

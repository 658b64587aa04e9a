// Progress by a clock that the test turns.
#include "cli/render/progress.h"

#include <catch2/catch.hpp>

namespace fundtrail::render {
namespace {

struct Screen {
  double now = 100;
  std::string text;
  Seconds Clock() {
    return [this] { return now; };
  }
  std::function<void(const std::string&)> Write() {
    return [this](const std::string& more) { text += more; };
  }
};

TEST_CASE("the text has count, share, rate and time left") {
  CHECK(ProgressText(12'000, 58'260, 2).str() == "12,000 of 58,260 (20 %), 6,000 a second, 8 s left");
  CHECK(ProgressText(0, 10, 3).str() == "0 of 10 (0 %)");
  CHECK(ProgressText(10, 10, 4).str() == "10 of 10 (100 %), 3 a second");
  CHECK(ProgressText(0, 0, 4).str() == "0 of 0");
}

TEST_CASE("nothing is said in the first second") {
  Screen screen;
  Progress progress("verifying", Language::kEnglish, true, screen.Clock(), screen.Write());
  screen.now += 0.99;
  progress.Update(5, 10);
  progress.Finish();
  CHECK(screen.text.empty());
}

TEST_CASE("on a terminal one line is written over four times a second and cleared at the end") {
  Screen screen;
  {
    Progress progress("verifying", Language::kEnglish, true, screen.Clock(), screen.Write());
    screen.now += 1;
    progress.Update(5, 10);
    CHECK(screen.text == "\r\x1b[Kverifying: 5 of 10 (50 %), 5 a second, 1 s left");
    screen.now += 0.2;
    progress.Update(6, 10);
    CHECK(screen.text.find("6 of 10") == std::string::npos);
    screen.now += 0.1;
    progress.Update(7, 10);
    CHECK(screen.text.find("7 of 10") != std::string::npos);
  }
  CHECK(screen.text.substr(screen.text.size() - 4) == "\r\x1b[K");
}

TEST_CASE("what is done once more is told so, with a rate of its own") {
  Screen screen;
  Progress progress("verifying records", Language::kEnglish, false, screen.Clock(), screen.Write());
  screen.now += 10;
  progress.Update(10, 10);
  progress.Again("replaying once more, to find the first row that differs");
  screen.now += 0.5;
  progress.Update(1, 10);
  screen.now += 0.5;
  progress.Update(5, 10);
  CHECK(screen.text ==
        "verifying records: 10 of 10 (100 %), 1 a second\n"
        "replaying once more, to find the first row that differs: 5 of 10 (50 %), 5 a second, 1 s left\n");
}

TEST_CASE("it is told in the language of who waits") {
  Screen screen;
  Progress progress("verifying records", Language::kChinese, false, screen.Clock(), screen.Write());
  screen.now += 6;
  progress.Update(5, 10);
  CHECK(screen.text == "正在核验记录：5 / 10 (50 %)，每秒 1，还需 6 秒\n");
}

TEST_CASE("in a file it is a line every five seconds, without control characters") {
  Screen screen;
  {
    Progress progress("importing", Language::kEnglish, false, screen.Clock(), screen.Write());
    for (int i = 0; i < 12; ++i) {
      screen.now += 1;
      progress.Update(static_cast<std::uint64_t>(i), 100);
    }
  }
  CHECK(std::count(screen.text.begin(), screen.text.end(), '\n') == 3);
  CHECK(screen.text.find('\x1b') == std::string::npos);
}

}  // namespace
}  // namespace fundtrail::render

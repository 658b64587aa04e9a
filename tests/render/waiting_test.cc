// Waiting for an answer, with short seconds.
#include "cli/render/waiting.h"

#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>

namespace fundtrail::render {
namespace {

// What is written, by which a test waits too.
struct Screen {
  std::mutex mutex;
  std::condition_variable wrote;
  std::string text;

  std::function<void(const std::string&)> Write() {
    return [this](const std::string& more) {
      const std::lock_guard lock(mutex);
      text += more;
      wrote.notify_all();
    };
  }
  void Await(const std::string& part) {
    std::unique_lock lock(mutex);
    CHECK(
        wrote.wait_for(lock, std::chrono::seconds(20), [&] { return text.find(part) != std::string::npos; }));
  }
};

TEST_CASE("an answer that takes long is waited for in words, and the line is cleared when it is there") {
  Screen screen;
  {
    const Waiting waiting(Language::kEnglish, true, screen.Write(), std::chrono::milliseconds(5));
    screen.Await("waiting for the answer: 3 s");
  }
  CHECK(screen.text.rfind("\r\x1b[Kwaiting for the answer: 2 s\r\x1b[Kwaiting for the answer: 3 s", 0) == 0);
  CHECK(screen.text.substr(screen.text.size() - 4) == "\r\x1b[K");
}

TEST_CASE("an answer that comes soon is not spoken of, nor any where nobody looks on") {
  Screen screen;
  { const Waiting waiting(Language::kEnglish, true, screen.Write(), std::chrono::hours(1)); }
  {
    const Waiting waiting(Language::kEnglish, false, screen.Write(), std::chrono::milliseconds(0));
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  CHECK(screen.text.empty());
}

TEST_CASE("it is waited in the language of who waits") {
  Screen screen;
  const Waiting waiting(Language::kChinese, true, screen.Write(), std::chrono::milliseconds(5));
  screen.Await("正在等待回答：2 秒");
}

}  // namespace
}  // namespace fundtrail::render

// See passphrase.h.
#include "cli/passphrase.h"

#include <signal.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdio>

#include "cli/render/shown.h"

namespace fundtrail::cli {
namespace {

// While it is there, what is typed is not shown, and a signal waits until Typed() is asked, which it ends: the terminal is as it was
// before the program ends.
class Unseen {
 public:
  Unseen() {
    struct sigaction ends_read {};
    ends_read.sa_handler = [](int) {};
    sigset_t waiting;
    sigemptyset(&waiting);
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      sigaction(kSignals[i], &ends_read, &before_[i]);
      sigaddset(&waiting, kSignals[i]);
    }
    sigprocmask(SIG_BLOCK, &waiting, &mask_);
    shown_ = tcgetattr(STDIN_FILENO, &terminal_) == 0;
    if (!shown_) return;
    termios unseen = terminal_;
    unseen.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
  }
  ~Unseen() {
    if (shown_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal_);
    sigprocmask(SIG_SETMASK, &mask_, nullptr);
    for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &before_[i], nullptr);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

  // The next character; nothing at the end of the input, and when a signal came.
  std::optional<char> Typed() const {
    fd_set input;
    FD_ZERO(&input);
    FD_SET(STDIN_FILENO, &input);
    char c = 0;
    if (pselect(STDIN_FILENO + 1, &input, nullptr, nullptr, nullptr, &mask_) != 1 ||
        read(STDIN_FILENO, &c, 1) != 1)
      return std::nullopt;
    return c;
  }

 private:
  static constexpr std::array<int, 4> kSignals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  std::array<struct sigaction, kSignals.size()> before_{};
  termios terminal_{};
  sigset_t mask_{};
  bool shown_ = false;
};

Status BrokenOff() { return absl::InvalidArgumentError("the passphrase was not typed to its end"); }

// A line, without its end.
StatusOr<std::string> AskLine(render::Language language, const render::Shown& question) {
  constexpr std::size_t kMaxPassphrase = 4096;
  std::string line;
  std::optional<char> typed;
  {
    const Unseen unseen;  // before the question: what is typed from then on counts
    std::fputs(question.In(language).c_str(), stderr);
    std::fflush(stderr);
    while ((typed = unseen.Typed()).has_value() && typed != '\n' && typed != '\r' &&
           line.size() < kMaxPassphrase)
      line.push_back(*typed);
  }
  std::fputs("\n", stderr);  // the one that was typed is not shown
  if (!typed.has_value()) return BrokenOff();
  return line;
}

}  // namespace

bool MayAskPassphrase() { return isatty(STDIN_FILENO) != 0; }

StatusOr<std::string> AskPassphrase(render::Language language, const std::string& key_file) {
  return AskLine(language, render::Say("Passphrase of {}: ", key_file));
}

StatusOr<std::optional<std::string>> AskNewPassphrase(render::Language language,
                                                      const std::string& key_file) {
  while (true) {
    FT_ASSIGN_OR_RETURN(
        const std::string first,
        AskLine(language, render::Say("A passphrase to seal {} with, or nothing for none: ", key_file)));
    if (first.empty()) return std::optional<std::string>();
    FT_ASSIGN_OR_RETURN(const std::string again, AskLine(language, render::Say("The same again: ")));
    if (first == again) return std::optional(first);
    std::fputs(render::Say("They differ.\n").In(language).c_str(), stderr);
  }
}

}  // namespace fundtrail::cli

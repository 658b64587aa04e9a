// The way to a ledger: the services of --server, or the same services run in this process on --ledger DIR. Commands
// see no difference. --server may name several servers of one ledger (a:7450,b:7450). Questions go to the first that answers,
// entries to the one that records.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "cli/context.h"
#include "ledger/base/status.h"

namespace fundtrail::server {
class Server;
}
namespace fundtrail::store {
class Reader;
}

namespace fundtrail::cli {

struct Stubs;

enum class Access { kAsk, kWrite };

// No answer of a server has more bytes in one message: an honest page has some 1 MB. What is traced comes in one.
inline constexpr int kMaxAnswer = 8 << 20, kMaxTraced = 34 << 20;
// What one attempt of several may take. A server that is there but hangs is as good as away.
inline constexpr std::chrono::seconds kOneAttempt{30};

using Waited = std::chrono::milliseconds;
inline constexpr Waited kNoLimit{0};

class Connection {
 public:
  // INVALID_ARGUMENT when neither or both of --ledger and --server are given, or a server has no port. With --ledger, kWrite needs to be the
  // only writer (UNAVAILABLE). Of a server, which could be anybody's, no message has more than `most_answer` bytes.
  static StatusOr<std::unique_ptr<Connection>> Open(const Context& context, Access access,
                                                    int most_answer = kMaxAnswer);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Of the server that is asked now.
  Stubs& stubs();
  // Of who asks.
  render::Language language() const { return language_; }
  // Until there is a connection, or for that long.
  void AwaitServer(std::chrono::milliseconds most);

  // How long a server is waited for (--timeout). All answers of a command share it. Each page of a stream and each
  // entry of an import has it anew. Begin() starts it anew; Left() is what is left of it, 0 when nothing is.
  std::chrono::seconds timeout() const { return timeout_; }
  void Begin() { left_ = timeout_; }
  Waited Left() const { return std::max(left_, Waited(0)); }
  void Spend(Waited waited) { left_ -= waited; }
  // What one attempt may take; kNoLimit with --ledger, where there is nobody to wait for.
  Waited attempt() const;
  Waited page() const { return own_ == nullptr ? Waited(timeout_) : kNoLimit; }

  // Of how many records each answer is to be at least (--min-size).
  std::uint64_t min_size() const { return min_size_; }
  // From now on, too: of several servers one may know less than another told.
  void HasSeen(std::uint64_t size) {
    if (several()) min_size_ = std::max(min_size_, size);
  }

  // Whether --server names several. They are asked in turn.
  bool several() const;
  // After an attempt that may pass failed: another server is asked from now on, that which records if `failed` names one of
  // them. True when it has not been tried since the last time that the answer was false: there is no need to wait.
  bool TryAnother(const Status& failed);
  // The error with what each of several servers said last.
  Status OfAll(const Status& failed) const;

  // A question to a server that is away and has not answered this command yet is given up early. More often than not
  // its address is wrong. An entry is waited for.
  bool soon_given_up() const { return access_ == Access::kAsk && !answered_; }
  void Answered() { answered_ = true; }

  // With --ledger, the server in this process; else null.
  server::Server* own() { return own_.get(); }
  // The rows of that server, as they are now.
  const store::Reader& own_rows() const;

 private:
  struct Ways;
  Connection();
  Status AddServer(const Context& context, const std::string& server, int most_answer);
  void ChooseServer();

  std::unique_ptr<server::Server> own_;
  std::unique_ptr<Ways> ways_;
  std::chrono::seconds timeout_{0};
  Waited left_{0};
  Access access_ = Access::kAsk;
  render::Language language_ = render::Language::kEnglish;
  std::uint64_t min_size_ = 0;
  bool answered_ = false;
};

// What is said of a server that did not answer in time, and of a stream that was silent for so long.
Status NotInTime();
Status Silent(Waited most);
// Whether that is what failed. A server that stops a long question itself says DEADLINE_EXCEEDED too, and would again.
bool IsSilence(const Status& failed);

}  // namespace fundtrail::cli

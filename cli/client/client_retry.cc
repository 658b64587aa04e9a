// See client_retry.h.
#include "cli/client/client_retry.h"

#include <algorithm>
#include <iostream>
#include <thread>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "cli/render/messages.h"
#include "ledger/pipeline/retry.h"

namespace fundtrail::cli {
namespace {

constexpr std::chrono::seconds kForAnyServer{2};  // that may be restarting, or not be there at all
constexpr std::chrono::seconds kTellAfter{
    2};  // of a server that is full or slow; that it is away is told at once

bool Passes(const Status& failed) {
  return failed.code() == absl::StatusCode::kUnavailable || failed.code() == absl::StatusCode::kCancelled ||
         IsSilence(failed) || pipeline::RetryDelay(failed).has_value();
}

}  // namespace

ClientRetry::ClientRetry(Connection* connection)
    : connection_(*connection), begun_(Clock::now()), counted_(begun_) {}

ClientRetry::~ClientRetry() { Count(); }

void ClientRetry::Count() {
  const auto now = Clock::now();
  connection_.Spend(std::chrono::duration_cast<Waited>(now - counted_));
  counted_ = now;
}

bool ClientRetry::WaitForNext(const Status& failed) {
  Count();
  if (connection_.own() == nullptr && Passes(failed) && connection_.Left() > Waited(0) &&
      connection_.TryAnother(failed))
    return true;
  const auto own = std::min(wait_, std::max(connection_.Left() / 2, Waited(kFirst)));  // one try near the end
  const auto pause = std::max(own, pipeline::RetryDelay(failed).value_or(own));
  if (connection_.own() != nullptr || !Passes(failed) || pause >= connection_.Left()) return false;
  const bool away =
      failed.code() == absl::StatusCode::kUnavailable && !pipeline::RetryDelay(failed).has_value();
  if (!away && !IsSilence(failed)) connection_.Answered();
  if (away && connection_.soon_given_up() && Clock::now() + pause > begun_ + kForAnyServer) return false;
  if (!told_ && (away || Clock::now() > begun_ + kTellAfter)) {
    const auto most = away && connection_.soon_given_up()
                          ? kForAnyServer
                          : std::chrono::ceil<std::chrono::seconds>(connection_.Left());
    const render::Shown words = render::Say("fundtrail: asking again for {} seconds: {}\n", most.count(),
                                            render::Told({failed.message().data(), failed.message().size()}));
    std::cerr << words.In(connection_.language());
    told_ = true;
  }
  std::this_thread::sleep_for(pause);
  Count();
  // Else gRPC would go on telling us of its last attempt.
  if (away) {
    const Waited most = connection_.soon_given_up() ? Waited(kForAnyServer) : connection_.Left();
    connection_.AwaitServer(std::clamp(most, Waited(1), kLongest));
  }
  Count();
  wait_ = std::min(2 * wait_, kLongest);
  return connection_.Left() > Waited(0);
}

Status ClientRetry::LastError(const Status& failed) const {
  if (connection_.own() != nullptr || !Passes(failed)) return failed;
  const auto waited = std::chrono::round<std::chrono::seconds>(Clock::now() - begun_).count();
  const auto delay = pipeline::RetryDelay(failed);
  const std::string asks =
      delay.has_value() && *delay > connection_.Left()
          ? absl::StrCat(", asking to wait ", std::chrono::ceil<std::chrono::seconds>(*delay).count(),
                         " more")
          : "";
  const bool full = delay.has_value() && failed.code() != absl::StatusCode::kUnavailable;
  const std::string what = full                ? "the server has been full for "
                           : IsSilence(failed) ? "no answer in "
                                               : "given up after ";
  Status told(failed.code(),
              absl::StrCat(what, waited, " second", waited == 1 ? "" : "s", asks,
                           failed.code() == absl::StatusCode::kUnavailable && connection_.soon_given_up() &&
                                   waited < connection_.timeout().count()
                               ? ""
                               : absl::StrCat(" (--timeout ", connection_.timeout().count(), ")"),
                           ": ", connection_.OfAll(failed).message()));
  failed.ForEachPayload(
      [&](absl::string_view type, const absl::Cord& payload) { told.SetPayload(type, payload); });
  return told;
}

void ClientRetry::Progress() {
  connection_.Answered();
  connection_.Begin();
  begun_ = counted_ = Clock::now();
  wait_ = kFirst;
}

}  // namespace fundtrail::cli

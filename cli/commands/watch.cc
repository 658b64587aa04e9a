// watch
#include "cli/client/watch.h"

#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/client/connection.h"
#include "cli/context.h"
#include "cli/render/json.h"
#include "cli/render/watch.h"
#include "cli/whole_number.h"
#include "ledger/base/date.h"

namespace fundtrail::cli {
namespace {

struct WatchOptions {
  v1::WatchRequest request;
  std::optional<std::uint64_t> from;
  std::vector<std::string> kinds;
};

// Ends a call on Ctrl-C or SIGTERM, for as long as this stands. The signals are kept from all threads that begin after it.
class EndOnSignal {
 public:
  explicit EndOnSignal(WatchCall* call) {
    sigemptyset(&signals_);
    for (const int number : {SIGINT, SIGTERM, SIGUSR1}) sigaddset(&signals_, number);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    thread_ = std::thread([this, call] {
      for (int number = 0; number != SIGUSR1;) {
        if (sigwait(&signals_, &number) == 0 && number != SIGUSR1) call->Cancel();
      }
    });
  }
  ~EndOnSignal() {
    pthread_kill(thread_.native_handle(), SIGUSR1);
    thread_.join();
    // One that came meanwhile is of the same wish.
    const timespec none{};
    while (sigtimedwait(&signals_, nullptr, &none) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  EndOnSignal(const EndOnSignal&) = delete;
  EndOnSignal& operator=(const EndOnSignal&) = delete;

 private:
  sigset_t signals_{}, before_{};
  std::thread thread_;
};

StatusOr<Exit> RunWatch(const Context& context, const WatchOptions& options) {
  v1::WatchRequest request = options.request;
  if (options.from.has_value()) request.set_from(*options.from);
  for (const std::string& kind : options.kinds)
    request.add_kinds(absl::StrReplaceAll(absl::AsciiStrToLower(kind), {{"-", "_"}}));
  // Nobody writes to a folder that is asked here: what is there is all that there will be.
  const bool served = !context.server.empty();
  if (!served) {
    request.set_until_now(true);
    if (!options.from.has_value()) request.set_from(0);
  }
  WatchCall call;
  const EndOnSignal signals(&call);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  const Status end = call.Run(connection.get(), request, [&](const v1::WatchAnswer& answer) -> Status {
    for (const v1::WatchedRecord& record : answer.records()) {
      if (context.json) {
        PrintData(render::JsonLine(record));
      } else {
        Print(context, render::WatchedLine(record));
      }
    }
    // Whoever reads this in a pipe has each record at once.
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return absl::OkStatus();
    return absl::UnavailableError("the records could not be written");
  });
  if (!end.ok()) return end;
  if (!served && !context.json)
    std::fputs(render::Say("That is all that is in the folder. With --server, watch goes on.\n")
                   .In(context.language)
                   .c_str(),
               stderr);
  return Exit::kYes;
}

}  // namespace

void AddWatchCommand(CLI::App* app, Context* context) {
  auto* watch = app->add_subcommand(
      "watch", "Prints records as a server seals them; of a folder, those that are there");
  auto options = std::make_shared<WatchOptions>();
  watch
      ->add_option("--from", options->from,
                   "The first record to print; else the next one to come, and of a folder record 0")
      ->type_name("RECORD")
      ->check(WholeNumber());
  watch->add_option("--party", *options->request.mutable_party(),
                    "Only records with this party, as author or in an action");
  watch->add_option("--fund", *options->request.mutable_fund(), "Only records that name this fund");
  watch->add_option("--project", *options->request.mutable_project(), "Only records that name this project");
  watch->add_option("--place", *options->request.mutable_place(), "Only records that name this place");
  auto* kind = watch->add_option("--kind", options->kinds,
                                 "Only records with such an action: transfer, announce, raise-concern and so "
                                 "on. May be given several times");
  kind->expected(1);
  kind->take_all();
  watch->add_flag_callback(
      "--until-now", [options] { options->request.set_until_now(true); },
      "Ends with the records that are there, on a server too");
  watch->footer("Example: fundtrail --server HOST:PORT watch --from 0 --kind announce");
  OnRun(watch, context, [=] { return RunWatch(*context, *options); });
}

}  // namespace fundtrail::cli

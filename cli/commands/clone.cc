// clone
#include "ledger/audit/clone.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <thread>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/client/source.h"
#include "cli/context.h"
#include "cli/render/progress.h"
#include "cli/render/words.h"
#include "fmt/format.h"
#include "ledger/audit/follow.h"
#include "ledger/audit/signer.h"
#include "ledger/base/text.h"
#include "ledger/postgres/postgres_log.h"
#include "ledger/replica/log_source.h"

namespace fundtrail::cli {
namespace {

struct Options {
  std::string from, dir, vkey;
  bool follow = false;
};

render::Shown Text(const v1::CloneAnswer& answer, const Options& options, double seconds) {
  const std::string& dir = options.dir;
  render::Shown text = render::Say("{} records of {} in {}, root {}\n", render::Number(answer.size()),
                                   answer.ledger(), dir, HexEncode(answer.root()));
  if (answer.vkey() != options.vkey)
    text += render::Say(
        "  key        was rotated; your key leads to the present one. Give it as --vkey from now on:\n"
        "             {}\n",
        answer.vkey());
  if (answer.previous_size() == answer.size()) return text + "  it was up to date\n";
  text += render::Say("  checked    {} records, {} entry signatures, {} transfers replayed by the rules\n",
                      render::Number(answer.size() - answer.resumed_at()),
                      render::Number(answer.signatures()), render::Number(answer.transfers()));
  if (answer.resumed_at() > answer.previous_size())
    text += render::Say("  went on    at record {}, where an earlier run had come to\n",
                        render::Number(answer.resumed_at()));
  return text + render::Say("  took       {:.2f} s; ask it with --ledger {}\n", seconds, dir);
}

StatusOr<std::unique_ptr<audit::Source>> OpenFrom(const Context& context, const Options& options) {
  if (!absl::StartsWith(options.from, "postgres://") && !absl::StartsWith(options.from, "postgresql://"))
    return OpenSource(context, options.from);
  FT_ASSIGN_OR_RETURN(const auto verifier, audit::ParseLedgerVkey(options.vkey));
  postgres::PostgresSettings settings;
  settings.url = options.from;
  settings.quorum_ok = true;  // it is only read, and what is not signed is not believed
  FT_ASSIGN_OR_RETURN(auto log, postgres::OpenPostgresLog(settings));
  return replica::FromLog(std::move(log), verifier.name);
}

// Until an error ends it: whoever ends it otherwise may do so at any moment, and the copy stays whole.
Status FollowOn(const Context& context, audit::Source* source, const Options& options,
                const audit::CloneOptions& clone, render::Progress* progress) {
  const auto now = render::SteadySeconds();
  const double start = now();
  bool begun = false, away = false;
  const auto say = [](const std::string& words) { std::fputs(words.c_str(), stderr); };
  audit::FollowHooks hooks;
  hooks.wait = [](std::chrono::milliseconds pause) {
    std::this_thread::sleep_for(pause);
    return true;
  };
  hooks.cloned = [&](const v1::CloneAnswer& answer) {
    progress->Finish();
    (void)PrintAnswer(context, answer, [&] { return Text(answer, options, now() - start); });
    std::fflush(stdout);
  };
  hooks.caught_up = [&](const audit::Follower& copy, std::uint64_t more) {
    if (!begun)
      say("fundtrail: asks for new records from now on. Ctrl-C ends it, and the copy stays whole\n");
    if (away) say("fundtrail: the source answers again\n");
    if (more > 0) say(absl::StrCat("fundtrail: ", copy.checkpoint().size, " records; ", more, " are new\n"));
    begun = true;
    away = false;
  };
  hooks.away = [&](const Status& why) {
    progress->Finish();
    say(absl::StrCat("fundtrail: the source does not answer, and is asked again: ",
                     Escaped(std::string(why.message())), "\n"));
    away = true;
  };
  Status end = audit::Follow(source, options.dir, clone, hooks);
  progress->Finish();
  return end;
}

StatusOr<Exit> RunClone(const Context& context, const Options& options) {
  const auto now = render::SteadySeconds();
  const double start = now();
  std::error_code error;
  if (options.follow && std::filesystem::is_directory(options.from + "/store", error))
    return absl::InvalidArgumentError(
        absl::StrCat(options.from,
                     " is a ledger's folder, which is read as it is now: to follow the ledger, give its "
                     "server's HOST:PORT or its archive"));
  FT_ASSIGN_OR_RETURN(const auto source, OpenFrom(context, options));
  render::Progress progress = ProgressOf(context, "loading and verifying records");
  audit::CloneOptions clone;
  clone.vkey = options.vkey;
  clone.progress = [&](std::uint64_t done, std::uint64_t total) { progress.Update(done, total); };
  if (options.follow)
    return Annotate(FollowOn(context, source.get(), options, clone, &progress), options.from);
  const auto answer = audit::Clone(source.get(), options.dir, clone);
  progress.Finish();
  if (!answer.ok()) return Annotate(answer.status(), options.from);
  return PrintAnswer(context, *answer, [&] { return Text(*answer, options, now() - start); });
}

}  // namespace

void AddCloneCommand(CLI::App* app, Context* context) {
  auto* clone = app->add_subcommand(
      "clone", "Makes a copy that answers every question, verified while it loads, or brings it up to date");
  auto options = std::make_shared<Options>();
  clone
      ->add_option(
          "FROM", options->from,
          "An archive's URL or folder, a ledger's folder, a server's HOST:PORT, or the log's postgres:// "
          "URL")
      ->required();
  clone->add_option("DIR", options->dir, "The folder to write to: an empty one, or a copy of this ledger")
      ->required();
  clone
      ->add_option("--vkey", options->vkey,
                   "The ledger's verification key, as somebody other than the ledger published it")
      ->required()
      ->envname("FUNDTRAIL_VKEY");
  clone->add_flag("--follow", options->follow,
                  "Goes on: asks for new records every second, verifies them and takes them in");
  clone->footer(
      "Example: fundtrail clone https://example.org/ledger copy --vkey "
      "\"example.org/ledger+c6c3ecb5+AQ...\"");
  OnRun(clone, context, [=] { return RunClone(*context, *options); });
}

}  // namespace fundtrail::cli

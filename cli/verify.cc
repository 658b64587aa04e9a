// verify, checkpoint
#include "ledger/audit/verify.h"

#include <unistd.h>

#include <cstdio>

#include "cli/connection.h"
#include "cli/context.h"
#include "cli/render/progress.h"
#include "cli/source.h"
#include "fmt/format.h"

namespace fundtrail::cli {
namespace {

struct Options {
  std::string dir, vkey, scratch;
};

std::string Text(const v1::VerifyAnswer& answer, double seconds, const render::Style& style) {
  using render::Money;
  const auto count = [](std::uint64_t number) { return Money(static_cast<std::int64_t>(number), 0); };
  if (!answer.holds()) {
    return render::Toned(style, render::Tone::kBad, "DOES NOT HOLD") + "  " + render::Safe(answer.problem()) +
           "\n";
  }
  std::string text =
      render::Toned(style, render::Tone::kGood, "HOLDS") + "  " + render::Safe(answer.ledger()) + "\n";
  text += fmt::format("  size       {} records, root {}\n", count(answer.size()), HexEncode(answer.root()));
  text += fmt::format(
      "  checked    hash chain, tree, the checkpoint's signature, {} entry signatures against the keys in "
      "force\n",
      count(answer.signatures()));
  const bool archive = answer.rows() == 0;
  text += fmt::format("  replayed   {} transfers by the rules; {} {} are what the records give\n",
                      count(answer.transfers()), count(archive ? answer.tiles() : answer.rows()),
                      archive ? "tiles" : "stored rows");
  text += fmt::format("  took       {:.2f} s, {} bytes of records\n", seconds, count(answer.bytes()));
  return text;
}

StatusOr<Exit> RunVerify(const Context& context, const Options& options) {
  audit::VerifyOptions verify;
  verify.vkey = options.vkey;
  verify.scratch_dir = options.scratch;
  const auto now = render::SteadySeconds();
  const double start = now();
  render::Progress progress("verifying records", isatty(STDERR_FILENO) != 0, now,
                            [](const std::string& text) { std::fputs(text.c_str(), stderr); });
  verify.progress = [&](std::uint64_t done, std::uint64_t total) { progress.Update(done, total); };
  FT_ASSIGN_OR_RETURN(const auto source, OpenSource(context, options.dir));
  FT_ASSIGN_OR_RETURN(const auto answer, audit::VerifySource(source.get(), verify));
  progress.Finish();
  FT_ASSIGN_OR_RETURN(const Exit end, PrintAnswer(context, answer, [&] {
                        return Text(answer, now() - start, context.style());
                      }));
  return answer.holds() ? end : Exit::kNo;
}

}  // namespace

void AddVerifyCommands(CLI::App* app, Context* context) {
  auto* verify =
      app->add_subcommand("verify", "Checks a ledger that you do not trust, by doing all of it again");
  auto options = std::make_shared<Options>();
  verify
      ->add_option("DIR", options->dir,
                   "A ledger's folder, an archive's, or an archive's URL; it is only read")
      ->required();
  verify->add_option("--vkey", options->vkey, "The ledger's verification key, as it was published")
      ->required();
  verify->add_option("--scratch", options->scratch, "A folder with room for the replay");
  verify->footer("Example: fundtrail verify demo --vkey \"example.org/ledger+c6c3ecb5+AQ...\"");
  OnRun(verify, context, [=] { return RunVerify(*context, *options); });

  auto* checkpoint = app->add_subcommand("checkpoint", "The latest signed checkpoint");
  OnRun(checkpoint, context, [=]() -> StatusOr<Exit> {
    FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(*context, Access::kAsk));
    FT_ASSIGN_OR_RETURN(const auto answer, Call(connection->ledger(), &v1::Ledger::Stub::GetCheckpoint,
                                                v1::CheckpointRequest()));
    return PrintAnswer(*context, answer.as_of(), [&] { return answer.as_of().note(); });
  });
}

}  // namespace fundtrail::cli

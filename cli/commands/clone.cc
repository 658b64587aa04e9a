// clone
#include "ledger/audit/clone.h"

#include <cstdio>

#include "CLI/CLI.hpp"
#include "cli/client/source.h"
#include "cli/context.h"
#include "cli/render/progress.h"
#include "cli/render/style.h"
#include "fmt/format.h"

namespace fundtrail::cli {
namespace {

struct Options {
  std::string from, dir, vkey;
};

render::Shown Text(const v1::CloneAnswer& answer, const Options& options, double seconds) {
  const std::string& dir = options.dir;
  const auto count = [](std::uint64_t number) { return render::Money(static_cast<std::int64_t>(number), 0); };
  render::Shown text = render::Say("{} records of {} in {}, root {}\n", count(answer.size()), answer.ledger(),
                                   dir, HexEncode(answer.root()));
  if (answer.vkey() != options.vkey)
    text += render::Say(
        "  key        was rotated; your key leads to the present one. Give it as --vkey from now on:\n"
        "             {}\n",
        answer.vkey());
  if (answer.previous_size() == answer.size()) return text + "  it was up to date\n";
  text += render::Say("  checked    {} records, {} entry signatures, {} transfers replayed by the rules\n",
                      count(answer.size() - answer.resumed_at()), count(answer.signatures()),
                      count(answer.transfers()));
  if (answer.resumed_at() > answer.previous_size())
    text += render::Say("  went on    at record {}, where an earlier run had come to\n",
                        count(answer.resumed_at()));
  return text + render::Say("  took       {:.2f} s; ask it with --ledger {}\n", seconds, dir);
}

StatusOr<Exit> RunClone(const Context& context, const Options& options) {
  const auto now = render::SteadySeconds();
  const double start = now();
  FT_ASSIGN_OR_RETURN(const auto source, OpenSource(context, options.from));
  render::Progress progress = ProgressOf(context, "loading and verifying records");
  audit::CloneOptions clone;
  clone.vkey = options.vkey;
  clone.progress = [&](std::uint64_t done, std::uint64_t total) { progress.Update(done, total); };
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
      ->add_option("FROM", options->from,
                   "An archive's URL or folder, a ledger's folder, or a server's HOST:PORT")
      ->required();
  clone->add_option("DIR", options->dir, "The folder to write to: an empty one, or a copy of this ledger")
      ->required();
  clone
      ->add_option("--vkey", options->vkey,
                   "The ledger's verification key, as somebody other than the ledger published it")
      ->required()
      ->envname("FUNDTRAIL_VKEY");
  clone->footer(
      "Example: fundtrail clone https://example.org/ledger copy --vkey "
      "\"example.org/ledger+c6c3ecb5+AQ...\"");
  OnRun(clone, context, [=] { return RunClone(*context, *options); });
}

}  // namespace fundtrail::cli

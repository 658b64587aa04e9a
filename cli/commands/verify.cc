// verify, checkpoint
#include "ledger/audit/verify.h"

#include <cstdio>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/client/connection.h"
#include "cli/client/names.h"
#include "cli/client/questions.h"
#include "cli/client/source.h"
#include "cli/client/trust.h"
#include "cli/context.h"
#include "cli/render/messages.h"
#include "cli/render/progress.h"
#include "cli/render/receipt.h"
#include "cli/render/words.h"
#include "ledger/base/text.h"

namespace fundtrail::cli {
namespace {

struct VerifyChoices {
  std::string dir, vkey, scratch, since, state;
  bool strict = false;  // a warning counts as no
  Trust trust;
};

// The keys that the ledger had, each until the record that replaced it.
render::Shown Keys(const v1::VerifyAnswer& answer, const std::string& given) {
  render::Shown text;
  for (int i = 0; i < answer.ledger_keys_size(); ++i) {
    const bool last = i + 1 == answer.ledger_keys_size();
    text += render::Say("  {:<10} {}\n             {}\n", i == 0 ? "keys" : "", answer.ledger_keys(i).vkey(),
                        last ? "which signed the checkpoint"
                             : render::Say("replaced by record {}", answer.ledger_keys(i + 1).record()));
  }
  if (answer.vkey() != given)
    text += "             Yours leads to it. Give the last one as --vkey from now on.\n";
  return text;
}

render::Shown Text(const v1::VerifyAnswer& answer, const std::string& given, double seconds,
                   const render::Style& style) {
  using render::Money;
  if (answer.needs_rules() > 0) {
    return render::Toned(style, render::Tone::kWaiting, "CANNOT TELL") +
           render::Say(
               "  {}. The {} records before it follow the rules; whether the checkpoint is theirs, "
               "that program tells too\n",
               render::Told(answer.problem()), render::Number(answer.bad_record()));
  }
  render::Shown text = render::Verdict(answer.holds(), style) + "  ";
  if (!answer.holds()) return text + render::Say("{}\n", render::Told(answer.problem()));
  text += render::Say("{}\n", answer.ledger());
  text += render::Say("  size       {} records, root {}\n", render::Number(answer.size()),
                      HexEncode(answer.root()));
  text += render::Say(
      "  checked    hash chain, tree, the checkpoint's signature, {} entry signatures against the keys in "
      "force\n",
      render::Number(answer.signatures()));
  text += render::Say("  replayed   {} transfers by the rules; ", render::Number(answer.transfers()));
  if (answer.rows() == 0 && answer.tiles() == 0) {
    text += "a server shows its records alone, no rows to compare\n";
  } else {
    const bool archive = answer.rows() == 0;
    text += render::Say("{} {} are what the records give\n",
                        render::Number(archive ? answer.tiles() : answer.rows()),
                        archive ? "tiles" : "stored rows");
  }
  text += Keys(answer, given);
  for (int i = 0; i < answer.earlier_size(); ++i) {
    const v1::CheckpointRef& earlier = answer.earlier(i);
    // What was kept is what was seen last, more often than not.
    if (i > 0 && earlier.size() == answer.earlier(i - 1).size() &&
        earlier.root() == answer.earlier(i - 1).root())
      continue;
    text += render::Say("  begins     with the {} records of root {}, that were seen before\n",
                        render::Number(earlier.size()), HexEncode(earlier.root()));
  }
  if (!answer.cosignatures().empty())
    text += render::Say("  cosigned   the first {} records, by {}\n",
                        render::Number(answer.cosigned().size()), render::Witnesses(answer.cosignatures()));
  text +=
      render::Say("  took       {:.2f} s, {} bytes of records\n", seconds, render::Number(answer.bytes()));
  return text;
}

// The checkpoints to compare with: the one that was named, and the newest that held before.
StatusOr<std::vector<audit::KeptCheckpoint>> WhatWasSeen(const VerifyChoices& options,
                                                         const std::string& seen_file,
                                                         const tree::Verifier& log) {
  std::vector<audit::KeptCheckpoint> earlier;
  if (!options.since.empty()) {
    FT_ASSIGN_OR_RETURN(const auto since, ReadCheckpoint(options.since, log));
    earlier.push_back({since.checkpoint, "the checkpoint in " + options.since, false, since.unverified});
  }
  if (seen_file.empty()) return earlier;
  FT_ASSIGN_OR_RETURN(const auto seen, ReadSeen(seen_file, log));
  if (seen.has_value())
    earlier.push_back({seen->checkpoint, "the checkpoint that was seen here before", true, seen->unverified});
  return earlier;
}

// That it is a signed note of a checkpoint, whoever signed it, and can do a terminal no harm.
Status CheckNote(const std::string& note) {
  const auto parsed = tree::ParseNote(note);
  const Status sound = parsed.ok() ? tree::ParseCheckpoint(parsed->text).status() : parsed.status();
  bool plain = true;
  for (std::size_t from = 0; from < note.size();) {
    const std::size_t end = std::min(note.find('\n', from), note.size());
    plain = plain && Escaped(note.substr(from, end - from)) == note.substr(from, end - from);
    from = end + 1;
  }
  if (sound.ok() && plain) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(
      "what the server gives is not a checkpoint: ",
      sound.ok() ? "it has characters that hide or reorder text" : std::string(sound.message())));
}

// When the key was rotated since, what is remembered for the new one, which the reader will give next, begins here.
Status WriteMemory(const std::string& seen_file, const std::string& next_file, const tree::Verifier& log,
                   const v1::VerifyAnswer& answer) {
  if (seen_file.empty()) return absl::UnavailableError("neither HOME nor --state FILE says where");
  tree::Checkpoint checkpoint{answer.ledger(), answer.size(), {}, {}};
  FT_ASSIGN_OR_RETURN(checkpoint.root, Hash::FromBytes(answer.root()));
  FT_RETURN_IF_ERROR(WriteSeen(seen_file, log, checkpoint, answer.checkpoint()));
  FT_ASSIGN_OR_RETURN(const auto signer, tree::ParseVkey(answer.vkey()));
  FT_ASSIGN_OR_RETURN(const auto next, ReadSeen(next_file, signer));
  if (next.has_value()) return absl::OkStatus();
  return WriteSeen(next_file, signer, checkpoint, answer.checkpoint());
}

// A reader who can keep nothing may verify, but is told. Whether it was kept.
bool Remember(const Context& context, const VerifyChoices& options, const std::string& seen_file,
              const tree::Verifier& log, const v1::VerifyAnswer& answer) {
  const Status written = WriteMemory(seen_file, SeenFile(options.state, answer.vkey()), log, answer);
  if (!written.ok())
    Warn(context.language, "what was seen is not remembered: " + std::string(written.message()));
  return written.ok();
}

StatusOr<Exit> RunVerify(const Context& context, const VerifyChoices& options) {
  std::string where = !options.dir.empty() ? options.dir : context.server;
  if (where.empty()) {
    FT_ASSIGN_OR_RETURN(where, LedgerDir(context));
  }
  audit::VerifyOptions verify;
  verify.vkey = options.vkey;
  verify.scratch_dir = options.scratch;
  FT_ASSIGN_OR_RETURN(const auto log, audit::ParseLedgerVkey(options.vkey));
  if (!options.trust.policy_file.empty()) {
    FT_ASSIGN_OR_RETURN(verify.policy, ReadPolicy(options.trust.policy_file));
  }
  const std::string seen_file = SeenFile(options.state, options.vkey);
  FT_ASSIGN_OR_RETURN(verify.earlier, WhatWasSeen(options, seen_file, log));
  const auto now = render::SteadySeconds();
  const double start = now();
  render::Progress progress = ProgressOf(context, "verifying records");
  verify.progress = [&](std::uint64_t done, std::uint64_t total) { progress.Update(done, total); };
  verify.again = [&] { progress.Again("replaying once more, to find the first row that differs"); };
  FT_ASSIGN_OR_RETURN(const auto source, OpenSource(context, where));
  FT_ASSIGN_OR_RETURN(const auto answer, audit::VerifySource(source.get(), verify));
  progress.Finish();
  for (const auto& warning : answer.warnings()) Warn(context.language, warning);
  const bool warned =
      (answer.holds() && !Remember(context, options, seen_file, log, answer)) || !answer.warnings().empty();
  if (options.strict && answer.holds() && warned)
    Warn(context.language,
         "--strict: where something was warned of, this ends as if the ledger did not hold");
  FT_ASSIGN_OR_RETURN(const Exit end, PrintAnswer(context, answer, [&] {
                        return Text(answer, options.vkey, now() - start, context.style());
                      }));
  if (answer.holds()) return options.strict && warned ? Exit::kNo : end;
  return answer.needs_rules() > 0 ? Exit::kUnavailable : Exit::kNo;
}

}  // namespace

void AddVerifyCommands(CLI::App* app, Context* context) {
  auto* verify =
      app->add_subcommand("verify", "Checks a ledger that you need not trust, by computing all of it again");
  auto options = std::make_shared<VerifyChoices>();
  verify->add_option(
      "DIR", options->dir,
      "The ledger's folder, the folder or URL of an archive, or HOST:PORT of a server; else the "
      "ledger that --ledger, --server or -L names. It is only read");
  verify
      ->add_option("--vkey", options->vkey,
                   "The ledger's verification key, as somebody other than the ledger published it. An "
                   "earlier key will do")
      ->required()
      ->envname("FUNDTRAIL_VKEY");
  AddPolicy(verify, &options->trust);
  verify
      ->add_option("--since", options->since,
                   "A file with a checkpoint that you kept. The ledger must continue it")
      ->type_name("FILE");
  verify
      ->add_option(
          "--state", options->state,
          "The file that keeps the newest checkpoint that was verified; else one under $XDG_STATE_HOME")
      ->type_name("FILE");
  verify->add_flag(
      "--strict", options->strict,
      "Ends with 1 where it only warned: of an older copy or a rollback, of records that no witness "
      "vouches for, of what it could not remember");
  verify->add_option("--scratch", options->scratch, "A folder with enough disk space for the replay");
  verify->footer("Example: fundtrail verify demo --vkey \"example.org/ledger+c6c3ecb5+AQ...\"");
  OnRun(verify, context, [=] { return RunVerify(*context, *options); });

  auto* checkpoint = app->add_subcommand("checkpoint", "Prints the latest signed checkpoint");
  auto cosigned = std::make_shared<bool>(false);
  checkpoint->add_flag("--cosigned", *cosigned,
                       "Prints the latest checkpoint that witnesses cosigned, with their cosignatures");
  OnRun(checkpoint, context, [=]() -> StatusOr<Exit> {
    FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(*context, Access::kAsk));
    FT_ASSIGN_OR_RETURN(const auto answer, AskGetCheckpoint(connection.get(), v1::CheckpointRequest()));
    if (*cosigned && !answer.has_cosigned())
      return absl::FailedPreconditionError("no witness has cosigned a checkpoint of this ledger yet");
    const v1::CheckpointRef& shown = *cosigned ? answer.cosigned() : answer.as_of();
    // It is put into files: a note, byte for byte, or nothing.
    FT_RETURN_IF_ERROR(context->json ? absl::OkStatus() : CheckNote(shown.note()));
    if (context->json) return PrintAnswer(*context, shown, [] { return render::Shown(); });
    PrintData(shown.note());
    return Exit::kYes;
  });
}

}  // namespace fundtrail::cli

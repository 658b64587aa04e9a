// See receipt.h.
#include "cli/render/receipt.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "cli/render/answers.h"
#include "cli/render/messages.h"
#include "cli/render/words.h"
#include "fmt/format.h"
#include "ledger/base/bytes.h"
#include "ledger/base/date.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/references.h"

namespace fundtrail::render {
namespace {

constexpr std::uint64_t kLastSecond = 253'402'300'799;  // of the year 9999

Shown Labelled(const char* label, const Shown& words) {
  return words.empty() ? Shown() : Say("  {:<11}{}\n", label, words);
}

// A receipt does not carry how many decimals an asset has: smallest units, and said to be.
Shown PaymentText(std::uint64_t record, int line, const v1::Transfer& transfer) {
  Shown words = Say("{}.{}  {} -> {}  {} smallest units of {}", record, line, transfer.from(), transfer.to(),
                    Money(transfer.amount(), 0), transfer.asset());
  if (transfer.kind() == v1::TRANSFER_KIND_EXCHANGE)
    words += Say(" for {} of {}", Money(transfer.to_amount(), 0), transfer.to_asset());
  words += Say(", fund {}", transfer.fund());
  if (!transfer.to_fund().empty()) words += Say(" to fund {}", transfer.to_fund());
  words += ProjectWords(transfer);
  if (!transfer.need().empty()) words += Say(", for need {}", transfer.need());
  if (!transfer.pledge().empty()) words += Say(", keeps pledge {}", transfer.pledge());
  if (!transfer.assignment().empty()) words += Say(", by assignment {}", transfer.assignment());
  if (!transfer.commitment().empty()) words += Say(", out of commitment {}", transfer.commitment());
  words += Say(", {}", OwnWord(absl::AsciiStrToLower(model::WordOf(transfer.kind()))));
  if (transfer.has_returns()) words += Say(" of {}", model::RefText(transfer.returns()));
  if (!transfer.value_date().empty()) words += Say(", value date {}", transfer.value_date());
  if (!transfer.purpose().empty()) words += Say(": {}", transfer.purpose());
  return words;
}

Shown EntryText(const v1::ReceiptAnswer& answer) {
  const v1::Entry& entry = answer.entry();
  Shown text =
      Labelled("entry", Say("of {}, {}, id {}", entry.author(), entry.date(), HexEncode(entry.id())));
  for (const auto& key : answer.signers()) text += Labelled("signed by", Say("key {}", HexEncode(key)));
  int transfers = 0;
  for (const auto& action : entry.actions()) {
    if (action.has_transfer()) {
      text += Labelled("paid", PaymentText(answer.index(), ++transfers, action.transfer()));
    } else {
      text += Labelled("says", ActionText(action));
    }
  }
  return text + Labelled("memo", Safe(entry.memo()));
}

Shown CheckpointText(const v1::CheckpointRef& checkpoint) {
  return Say("{} records, root {}", checkpoint.size(), HexEncode(checkpoint.root()));
}

}  // namespace

Shown Verdict(bool holds, const Style& style) {
  return holds ? Toned(style, Tone::kGood, "HOLDS") : Toned(style, Tone::kBad, "DOES NOT HOLD");
}

Shown Witnesses(const google::protobuf::RepeatedPtrField<v1::Cosignature>& cosignatures) {
  Shown all;
  for (const v1::Cosignature& cosignature : cosignatures) {
    const std::uint64_t seconds = std::min(cosignature.seconds(), kLastSecond);
    all += Say("{}{} ({})", all.empty() ? "" : ", ", cosignature.witness(),
               ToString(Timestamp(static_cast<std::int64_t>(seconds) * 1'000'000)));
  }
  return all;
}

Shown Text(const v1::ReceiptAnswer& answer, const Style& style) {
  Shown text = Verdict(answer.holds(), style);
  if (!answer.holds()) {
    return text + Say("  {}: {}\n", model::WordOf(answer.fault()), Told(answer.problem()));
  }
  text += Say("  record {} of {}\n", answer.index(), answer.checkpoint().ledger());
  text += EntryText(answer);
  text +=
      Labelled("recorded", Say("{} by the ledger's clock", ToString(Timestamp(answer.recorded_micros()))));
  text += Labelled("leaf hash", Safe(HexEncode(answer.leaf_hash())));
  text += Labelled("checkpoint", CheckpointText(answer.checkpoint()));
  text += Labelled("", Say("signed by {}", answer.vkey()));
  const Shown cosigned = Witnesses(answer.cosignatures());
  if (!answer.quorum().empty()) {
    text += Labelled("cosigned", Say("by {}: the policy's quorum \"{}\"", cosigned, answer.quorum()));
  } else {
    text += Labelled("cosigned", cosigned.empty() ? Shown("no witnesses were asked for (--policy FILE)")
                                                  : "by " + cosigned);
  }
  text +=
      "It proves that these keys signed this entry, and that the ledger committed to it at this place. "
      "Whether the\n"
      "keys might sign for that party, and whether the rules were kept, `fundtrail verify` shows from all "
      "records.\n";
  return text;
}

Shown Text(const v1::ConsistencyVerdict& verdict, const Style& style) {
  Shown text = !verdict.holds() && verdict.consistent() ? Toned(style, Tone::kWaiting, "NOT CHECKED")
                                                        : Verdict(verdict.holds(), style);
  text += Say("  {}\n", verdict.holds() ? Say("the older checkpoint is a beginning of the newer one, of {}",
                                              verdict.new_().ledger())
                                        : Told(verdict.problem()));
  text += Labelled("older", CheckpointText(verdict.old()));
  text += Labelled("newer", CheckpointText(verdict.new_()));
  if (verdict.consistent())
    text += Labelled("proof",
                     verdict.proof_size() == 1 ? Shown("1 hash") : Say("{} hashes", verdict.proof_size()));
  text += Labelled("signatures", verdict.signatures_checked()
                                     ? "both checked"
                                     : "NOT checked: give --vkey, or anybody may have made "
                                       "these checkpoints");
  return text;
}

}  // namespace fundtrail::render

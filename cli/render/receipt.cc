// See receipt.h.
#include "cli/render/receipt.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "cli/render/answers.h"
#include "fmt/format.h"
#include "ledger/base/bytes.h"
#include "ledger/base/date.h"

namespace fundtrail::render {
namespace {

constexpr std::uint64_t kLastSecond = 253'402'300'799;  // of the year 9999

std::string Line(const char* label, const std::string& words) {
  return words.empty() ? "" : fmt::format("  {:<11}{}\n", label, words);
}

// A receipt does not carry how many decimals an asset has: smallest units, and said to be.
std::string PaymentText(std::uint64_t record, int line, const v1::Transfer& transfer) {
  std::string words =
      fmt::format("{}.{}  {} -> {}  {} smallest units of {}", record, line, Safe(transfer.from()),
                  Safe(transfer.to()), Money(transfer.amount(), 0), Safe(transfer.asset()));
  if (transfer.kind() == v1::EXCHANGE)
    words += fmt::format(" for {} of {}", Money(transfer.to_amount(), 0), Safe(transfer.to_asset()));
  words += fmt::format(", fund {}", Safe(transfer.fund()));
  if (!transfer.to_fund().empty()) words += fmt::format(" to fund {}", Safe(transfer.to_fund()));
  if (!transfer.project().empty()) words += fmt::format(", project {}", Safe(transfer.project()));
  words += fmt::format(", {}", absl::AsciiStrToLower(v1::TransferKind_Name(transfer.kind())));
  if (transfer.has_returns()) words += fmt::format(" of {}", RefText(transfer.returns()));
  if (!transfer.value_date().empty()) words += fmt::format(", value date {}", Safe(transfer.value_date()));
  if (!transfer.purpose().empty()) words += fmt::format(": {}", Safe(transfer.purpose()));
  return words;
}

std::string EntryText(const v1::ReceiptAnswer& answer) {
  const v1::Entry& entry = answer.entry();
  std::string text = Line("entry", fmt::format("of {}, {}, id {}", Safe(entry.author()), Safe(entry.date()),
                                               HexEncode(entry.id())));
  for (const auto& key : answer.signers()) text += Line("signed by", "key " + HexEncode(key));
  int transfers = 0;
  for (const auto& action : entry.actions()) {
    if (action.has_transfer()) {
      text += Line("paid", PaymentText(answer.index(), ++transfers, action.transfer()));
    } else {
      text += Line("says", ActionText(action));
    }
  }
  return text + Line("memo", Safe(entry.memo()));
}

std::string CheckpointText(const v1::CheckpointRef& checkpoint) {
  return fmt::format("{} records, root {}", checkpoint.size(), HexEncode(checkpoint.root()));
}

}  // namespace

std::string Verdict(bool holds, const Style& style) {
  return holds ? Toned(style, Tone::kGood, "HOLDS") : Toned(style, Tone::kBad, "DOES NOT HOLD");
}

std::string Witnesses(const google::protobuf::RepeatedPtrField<v1::Cosignature>& cosignatures) {
  return absl::StrJoin(cosignatures, ", ", [](std::string* out, const v1::Cosignature& cosignature) {
    const std::uint64_t seconds = std::min(cosignature.seconds(), kLastSecond);
    out->append(fmt::format("{} ({})", cosignature.witness(),
                            ToString(Timestamp(static_cast<std::int64_t>(seconds) * 1'000'000))));
  });
}

std::string Text(const v1::ReceiptAnswer& answer, const Style& style) {
  std::string text = Verdict(answer.holds(), style);
  if (!answer.holds()) {
    return text + fmt::format("  {}: {}\n", v1::ReceiptFault_Name(answer.fault()), Safe(answer.problem()));
  }
  text += fmt::format("  record {} of {}\n", answer.index(), Safe(answer.checkpoint().ledger()));
  text += EntryText(answer);
  text += Line("recorded", ToString(Timestamp(answer.recorded_micros())) + " by the ledger's clock");
  text += Line("leaf hash", HexEncode(answer.leaf_hash()));
  text += Line("checkpoint", CheckpointText(answer.checkpoint()));
  text += Line("", "signed by " + Safe(answer.vkey()));
  const std::string cosigned = Witnesses(answer.cosignatures());
  if (!answer.quorum().empty()) {
    text += Line("cosigned", fmt::format("by {}: the policy's quorum \"{}\"", cosigned, answer.quorum()));
  } else {
    text +=
        Line("cosigned", cosigned.empty() ? "no witnesses were asked for (--policy FILE)" : "by " + cosigned);
  }
  text +=
      "It proves that these keys signed this entry, and that the ledger committed to it at this place. "
      "Whether the\n"
      "keys might sign for that party, and whether the rules were kept, `fundtrail verify` shows from all "
      "records.\n";
  return text;
}

std::string Text(const v1::ConsistencyVerdict& verdict, const Style& style) {
  std::string text = Verdict(verdict.holds(), style);
  text +=
      fmt::format("  {}\n", verdict.holds() ? "the older checkpoint is a beginning of the newer one, of " +
                                                  Safe(verdict.new_().ledger())
                                            : Safe(verdict.problem()));
  text += Line("older", CheckpointText(verdict.old()));
  text += Line("newer", CheckpointText(verdict.new_()));
  if (verdict.holds()) text += Line("proof", fmt::format("{} hashes", verdict.proof_size()));
  text +=
      Line("signatures", verdict.signatures_checked() ? "both checked"
                                                      : "NOT checked: give --vkey, or anybody may have made "
                                                        "these checkpoints");
  return text;
}

}  // namespace fundtrail::render

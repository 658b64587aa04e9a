// See back.h.
#include "cli/render/back.h"

#include "absl/strings/ascii.h"
#include "cli/render/csv.h"
#include "ledger/base/quantity.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/references.h"

namespace fundtrail::render {
namespace {

// The references of those of one kind, and how many are not named where all are of that kind.
Shown RefsOfKind(const v1::SentBack& back, v1::TransferKind kind) {
  std::string refs;
  bool all = true;
  for (const auto& by : back.by()) {
    if (by.kind() != kind) all = false;
    if (by.kind() == kind) refs += (refs.empty() ? "" : ", ") + model::RefText(by.ref());
  }
  const auto named = static_cast<std::uint64_t>(back.by_size());
  if (refs.empty()) return Say("others");
  if (!all || back.count() <= named) return Safe(refs);
  return Say("{} and {} more", refs, back.count() - named);
}

}  // namespace

Shown SentBackWords(const v1::SentBack& back, std::int64_t amount, std::uint32_t decimals) {
  Shown words;
  if (back.undone() != 0) {
    const Shown refs = RefsOfKind(back, v1::TRANSFER_KIND_REVERSAL);
    words = back.undone() == amount ? Say("undone by {}", refs)
                                    : Say("{} of it undone by {}", Money(back.undone(), decimals), refs);
  }
  if (back.returned() == 0) return words;
  if (!words.empty()) words += "; ";
  const Shown refs = RefsOfKind(back, v1::TRANSFER_KIND_RETURN);
  return words + (back.returned() == amount
                      ? Say("sent back by {}", refs)
                      : Say("{} of it sent back by {}", Money(back.returned(), decimals), refs));
}

Shown UndoesWords(v1::TransferKind kind, const std::string& ref) {
  return kind == v1::TRANSFER_KIND_REVERSAL ? Say("undoes {}", ref) : Say("sends back {}", ref);
}

Shown BackWords(const v1::TransferLine& line) {
  const v1::Transfer& transfer = line.transfer();
  Shown words;
  if (transfer.has_returns()) {
    const TransferRef ref = model::RefIn(RecordIndex(line.ref().record()), transfer.returns());
    words = UndoesWords(transfer.kind(), model::RefText(ref));
  }
  if (!line.has_sent_back()) return words;
  if (!words.empty()) words += "; ";
  return words + SentBackWords(line.sent_back(), transfer.amount(), line.decimals());
}

Shown BackWords(const v1::StatementLine& line, std::uint32_t decimals) {
  Shown words;
  if (line.has_returns()) words = UndoesWords(line.kind(), model::RefText(line.returns()));
  if (!line.has_sent_back()) return words;
  if (!words.empty()) words += "; ";
  return words + SentBackWords(line.sent_back(), line.amount(), decimals);
}

std::string BackMoney(std::int64_t amount, std::uint32_t decimals) {
  return amount == 0 ? "" : PlainMoney(amount, decimals);
}

std::string StageWord(v1::Stage stage) { return absl::AsciiStrToLower(model::WordOf(stage)); }

std::string BackRefs(const v1::SentBack& back) {
  std::string refs;
  for (const auto& by : back.by()) refs += (refs.empty() ? "" : " ") + model::RefText(by.ref());
  return refs;
}

}  // namespace fundtrail::render

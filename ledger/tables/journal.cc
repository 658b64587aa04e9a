// See journal.h.
#include "ledger/tables/journal.h"

#include <algorithm>
#include <cstdint>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/bytes.h"
#include "ledger/base/decimal.h"
#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/references.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/store.h"
#include "ledger/tables/books.h"

namespace fundtrail::tables {
namespace {

namespace keys = model::keys;

// A text where hledger reads to the end of the line. A semicolon would begin a comment, and a bar ends the payee.
std::string Plain(std::string_view text) {
  std::string plain(text);
  for (char& sign : plain) {
    if (sign == ';') sign = ',';
    if (sign == '|') sign = '/';
    if (sign == '\n' || sign == '\r') sign = ' ';
  }
  return plain;
}

// The same in a comment, where "word:" is a tag, which may change a date, and so may a day in square brackets.
std::string Commented(std::string_view text) {
  std::string plain;
  for (const char sign : Plain(text)) {
    if (sign == ':') plain += ' ';
    plain += sign == '[' ? '(' : sign == ']' ? ')' : sign;
  }
  return plain;
}

// What hledger adds up an account as, in its statements.
char TypeOf(v1::Role role) {
  switch (role) {
    case v1::ROLE_SOURCE:
      return 'R';
    case v1::ROLE_RECIPIENT:
      return 'X';
    default:
      return 'A';
  }
}

class Journal {
 public:
  Journal(const query::View& view, const TakeText& take) : books_(view), take_(take) {}

  Status Begin() {
    const v1::CheckpointRef& as_of = books_.view().checkpoint;
    FT_RETURN_IF_ERROR(take_(absl::StrCat("; The ledger ", as_of.ledger(), ", ", as_of.size(),
                                          " records, root ", HexEncode(as_of.root()),
                                          "\n; made by fundtrail export hledger\n\ndecimal-mark .\n")));
    const Bytes prefix = keys::ItemsOf(v1::Action::kDeclareAsset);
    const auto cursor = books_.view().rows->Scan(prefix, store::PrefixEnd(prefix));
    for (; cursor->Valid(); cursor->Next()) {
      FT_ASSIGN_OR_RETURN(const auto row,
                          model::DecodeMessage<v1::RegisterRow>(cursor->key(), cursor->value()));
      const v1::DeclareAsset& asset = row.action().declare_asset();
      FT_ASSIGN_OR_RETURN(std::string thousand, books_.Money(Amount(0), asset.code()));
      // hledger asks for a decimal mark, also where no digit follows it.
      thousand.replace(0, 1, "1000");
      if (asset.decimals() == 0) thousand += ".";
      FT_RETURN_IF_ERROR(take_(absl::StrCat("commodity ", thousand, " ", CommodityText(asset.code()), "\n")));
    }
    FT_RETURN_IF_ERROR(cursor->status());
    FT_RETURN_IF_ERROR(take_("\n"));
    // Of one that counts several assets the same line stands there for each: hledger asks for that no less.
    return books_.EachAccount(
        [&](model::AccountNumber, const v1::AccountName& name, const model::AccountState&) -> Status {
          FT_ASSIGN_OR_RETURN(const auto party, query::NeedParty(books_.view(), name.party()));
          return take_(absl::StrCat("account ", AccountText(name.party(), name.fund(), name.project()),
                                    "  ; type:", std::string(1, TypeOf(party.role())), ", ",
                                    Commented(party.name()), "\n"));
        });
  }

  Status Record(RecordIndex index) {
    FT_ASSIGN_OR_RETURN(const ReadRecord record, books_.Read(index));
    std::uint32_t line = 0;
    for (const v1::Action& action : record.entry.actions()) {
      if (!action.has_transfer()) continue;
      FT_ASSIGN_OR_RETURN(const Move move, books_.MoveOf(record, ++line, action.transfer()));
      FT_RETURN_IF_ERROR(Transaction(move));
    }
    return absl::OkStatus();
  }

  // What each account holds, less what a source brought in: hledger adds up the same.
  Status End() {
    if (!any_) return absl::OkStatus();
    FT_RETURN_IF_ERROR(
        take_(absl::StrCat("\n", ToString(last_), " * (balances) what each account holds at the end\n")));
    return books_.EachAccount(
        [&](model::AccountNumber, const v1::AccountName& name, const model::AccountState& state) -> Status {
          FT_ASSIGN_OR_RETURN(const auto decimals, books_.DecimalsOf(name.asset()));
          if (!decimals.has_value()) return model::Damaged(keys::Asset(name.asset()), "is missing");
          const Amount left(state.held.value() - state.minted.value());
          const std::string commodity = CommodityText(name.asset());
          return take_(absl::StrCat("    ", AccountText(name.party(), name.fund(), name.project()), "  ",
                                    FormatPlain(Amount(0), *decimals), " ", commodity, " = ",
                                    FormatPlain(left, *decimals), " ", commodity, "\n"));
        });
  }

 private:
  Status Transaction(const Move& move) {
    last_ = any_ ? std::max(last_, move.row.date) : move.row.date;
    any_ = true;
    const v1::Transfer& said = *move.said;
    FT_ASSIGN_OR_RETURN(const auto payee, query::NeedParty(books_.view(), said.to()));
    FT_ASSIGN_OR_RETURN(const std::string paid, books_.Money(move.row.amount, move.from.asset()));
    FT_ASSIGN_OR_RETURN(const std::string got, books_.Money(move.row.to_amount, move.to.asset()));
    const std::string out = absl::StrCat(paid, " ", CommodityText(move.from.asset()));
    std::string text = absl::StrCat("\n", ToString(move.row.date), move.row.committed() ? " ! (" : " * (",
                                    model::RefText(move.ref), ") ", Plain(payee.name()));
    if (!said.purpose().empty()) absl::StrAppend(&text, " | ", Plain(said.purpose()));
    absl::StrAppend(&text, "\n    ; ", absl::AsciiStrToLower(model::WordOf(said.kind())), ", record ",
                    move.ref.record.value(), ", line ", move.ref.line, "\n");
    if (!said.reference().empty())
      absl::StrAppend(&text, "    ; reference ", Commented(said.reference()), "\n");
    absl::StrAppend(&text, "    ", AccountText(move.to.party(), move.to.fund(), move.to.project()), "  ", got,
                    " ", CommodityText(move.to.asset()), move.row.exchange() ? absl::StrCat(" @@ ", out) : "",
                    "\n");
    absl::StrAppend(&text, "    ", AccountText(move.from.party(), move.from.fund(), move.from.project()),
                    "  -", out, "\n");
    return take_(text);
  }

  Books books_;
  const TakeText& take_;
  bool any_ = false;  // whether there was a transfer
  Date last_;         // the latest value date of them
};

}  // namespace

std::string AccountText(std::string_view party, std::string_view fund, std::string_view project) {
  std::string text;
  for (const std::string_view part : {party, fund, project}) {
    if (part.empty()) continue;
    if (!text.empty()) text += ':';
    std::string own(part);
    std::replace(own.begin(), own.end(), ':', '/');
    text += own;
  }
  return text;
}

std::string CommodityText(std::string_view asset) {
  const bool letters = std::all_of(asset.begin(), asset.end(), absl::ascii_isalpha);
  return letters ? std::string(asset) : "\"" + std::string(asset) + "\"";
}

Status WriteJournal(const query::View& view, const TakeText& take, const Progress& progress) {
  Journal journal(view, take);
  FT_RETURN_IF_ERROR(journal.Begin());
  const std::uint64_t size = view.checkpoint.size();
  for (std::uint64_t record = 0; record < size; ++record) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_RETURN_IF_ERROR(journal.Record(RecordIndex(record)));
    if (progress) progress(record + 1, size);
  }
  return journal.End();
}

}  // namespace fundtrail::tables

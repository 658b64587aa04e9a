// See rows.h. Records are read once, in their order, for the tables of what happened; registers and accounts as they are now.
#include "ledger/tables/rows.h"

#include <cstdio>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/date.h"
#include "ledger/base/decimal.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/item_text.h"
#include "ledger/model/references.h"
#include "ledger/model/register_table.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/store.h"
#include "ledger/tables/books.h"
#include "ledger/tables/fields.h"
#include "ledger/tree/merkle.h"

namespace fundtrail::tables {
namespace {

namespace keys = model::keys;

using Cells = std::vector<std::string>;

std::string Number(std::uint64_t number) { return std::to_string(number); }
std::string Units(Amount amount) { return std::to_string(amount.value()); }

class Writer {
 public:
  Writer(const query::View& view, const TakeRow& take) : books_(view), take_(take) {}

  Status Record(RecordIndex index) {
    FT_ASSIGN_OR_RETURN(const ReadRecord record, books_.Read(index));
    FT_RETURN_IF_ERROR(AddRecord(index, record));
    std::uint32_t line = 0;
    for (int i = 0; i < record.entry.actions_size(); ++i) {
      const v1::Action& action = record.entry.actions(i);
      const auto number = static_cast<std::uint32_t>(i) + 1;
      if (action.has_transfer()) ++line;
      FT_RETURN_IF_ERROR(AddAction(index, number, line, action));
      if (action.has_transfer()) FT_RETURN_IF_ERROR(AddTransfer(record, line, action.transfer()));
      FT_RETURN_IF_ERROR(AddSaid(record, index, number, action));
    }
    return absl::OkStatus();
  }

  Status Accounts() {
    return books_.EachAccount([&](model::AccountNumber account, const v1::AccountName& name,
                                  const model::AccountState& state) -> Status {
      Cells cells = {Number(account.value()), name.party(), name.fund(), name.project(), name.asset()};
      for (const Amount amount : {state.received, state.received - state.held, state.held, state.minted}) {
        FT_ASSIGN_OR_RETURN(std::string money, books_.Money(amount, name.asset()));
        cells.insert(cells.end(), {std::move(money), Units(amount)});
      }
      return Take("accounts", cells);
    });
  }

  Status Items(const model::Register& of) {
    const std::string table = TableOf(model::ActionField(of));
    const Bytes prefix = keys::ItemsOf(of.action);
    const auto cursor = books_.view().rows->Scan(prefix, store::PrefixEnd(prefix));
    for (; cursor->Valid(); cursor->Next()) {
      FT_RETURN_IF_ERROR(books_.view().GoOn());
      FT_ASSIGN_OR_RETURN(const auto row,
                          model::DecodeMessage<v1::RegisterRow>(cursor->key(), cursor->value()));
      Cells cells;
      FT_RETURN_IF_ERROR(AddFieldCells(&books_, row.action(), &cells));
      cells.insert(cells.end(), {Number(row.record()), Number(row.opened()),
                                 row.has_ended() ? Number(row.ended().record()) : "", row.ended().reason()});
      FT_RETURN_IF_ERROR(Take(table, cells));
    }
    return cursor->status();
  }

 private:
  Status Take(std::string_view table, const Cells& cells) {
    const Table* const of = FindTable(table);
    if (of == nullptr || of->columns.size() != cells.size())
      return absl::InternalError(absl::StrCat("the table ", std::string(table), " has other columns"));
    return take_(*of, cells);
  }

  Status AddRecord(RecordIndex index, const ReadRecord& record) {
    const v1::Entry& entry = record.entry;
    Cells cells = {Number(index.value()),
                   ToString(Timestamp(record.stored.record.recorded_micros())),
                   entry.author(),
                   HexEncode(entry.id()),
                   entry.date(),
                   entry.memo(),
                   Number(static_cast<std::uint64_t>(entry.actions_size())),
                   Number(static_cast<std::uint64_t>(record.stored.record.outcome().transfers_size()))};
    if (entry.has_source()) {
      const v1::ImportSource& source = entry.source();
      cells.insert(cells.end(), {source.name(), HexEncode(source.sha256()), Number(source.first_row()),
                                 Number(source.last_row())});
    } else {
      cells.resize(cells.size() + 4);
    }
    cells.push_back(HexEncode(tree::LeafHash(record.stored.bytes).view()));
    return Take("records", cells);
  }

  Status AddAction(RecordIndex index, std::uint32_t number, std::uint32_t line, const v1::Action& action) {
    const auto* const field = v1::Action::descriptor()->FindFieldByNumber(action.action_case());
    Cells cells = {Number(index.value()), Number(number), field == nullptr ? "" : field->name()};
    const auto item = ItemIn(action);
    if (action.has_transfer()) {
      cells.insert(cells.end(), {"transfers", model::RefText(TransferRef{index, line})});
    } else {
      cells.insert(cells.end(), {item.table, item.id});
    }
    cells.insert(cells.end(),
                 {action.has_amends() ? Number(action.amends().record()) : "", action.amends().reason()});
    return Take("actions", cells);
  }

  Status AddTransfer(const ReadRecord& record, std::uint32_t line, const v1::Transfer& said) {
    FT_ASSIGN_OR_RETURN(const Move move, books_.MoveOf(record, line, said));
    const std::string ref = model::RefText(move.ref);
    FT_ASSIGN_OR_RETURN(std::string paid, books_.Money(move.row.amount, move.from.asset()));
    FT_ASSIGN_OR_RETURN(std::string received, books_.Money(move.row.to_amount, move.to.asset()));
    const auto named = [&](const v1::TransferRef& one) {
      return model::RefText(model::RefIn(move.ref.record, one));
    };
    FT_RETURN_IF_ERROR(Take("transfers", {ref,
                                          Number(move.ref.record.value()),
                                          Number(move.ref.line),
                                          ToString(move.row.date),
                                          absl::AsciiStrToLower(model::WordOf(said.kind())),
                                          move.row.committed() ? "committed" : "paid",
                                          said.from(),
                                          said.to(),
                                          move.from.fund(),
                                          move.to.fund(),
                                          move.from.project(),
                                          move.to.project(),
                                          move.from.asset(),
                                          std::move(paid),
                                          Units(move.row.amount),
                                          move.to.asset(),
                                          std::move(received),
                                          Units(move.row.to_amount),
                                          Number(move.row.from.value()),
                                          Number(move.row.to.value()),
                                          said.place(),
                                          said.need(),
                                          said.pledge(),
                                          said.assignment(),
                                          said.commitment(),
                                          said.has_returns() ? named(said.returns()) : "",
                                          said.project_words(),
                                          said.purpose(),
                                          said.reference()}));
    FT_RETURN_IF_ERROR(AddPieces(move, ref));
    for (int i = 0; i < said.draws_size(); ++i) {
      FT_RETURN_IF_ERROR(
          Take("draws", {ref, Number(static_cast<std::uint64_t>(i) + 1), named(said.draws(i))}));
    }
    return absl::OkStatus();
  }

  Status AddPieces(const Move& move, const std::string& ref) {
    std::int64_t to = move.outcome->to_position();
    std::uint64_t number = 0;
    for (const v1::Piece& piece : move.outcome->pieces()) {
      FT_ASSIGN_OR_RETURN(std::string amount, books_.Money(Amount(piece.length()), move.from.asset()));
      FT_RETURN_IF_ERROR(
          Take("pieces", {ref, Number(++number), Number(move.row.from.value()), std::to_string(piece.from()),
                          Number(move.row.to.value()), move.row.exchange() ? "" : std::to_string(to),
                          move.from.asset(), std::move(amount), std::to_string(piece.length())}));
      if (!AddTo(&to, piece.length()))
        return model::Damaged(keys::Transfer(move.ref), "has pieces that its account cannot have");
    }
    return absl::OkStatus();
  }

  Status AddSaid(const ReadRecord& record, RecordIndex index, std::uint32_t number,
                 const v1::Action& action) {
    if (action.has_acknowledge()) return AddAcknowledgement(record, index, number, action.acknowledge());
    const auto* const of = model::FindAttestation(action.action_case());
    if (of == nullptr) return absl::OkStatus();
    Cells cells = {Number(index.value()), Number(number), record.entry.author()};
    FT_RETURN_IF_ERROR(AddFieldCells(&books_, action, &cells));
    return Take(TableOf(model::ActionField(*of)), cells);
  }

  Status AddAcknowledgement(const ReadRecord& record, RecordIndex index, std::uint32_t number,
                            const v1::Acknowledge& said) {
    const TransferRef ref = model::RefOf(said.transfer());
    Cells cells = {Number(index.value()), Number(number), record.entry.author(),
                   model::RefText(ref),   said.by(),      model::Dashed(model::WordOf(said.result()))};
    if (said.amount() > 0) {
      FT_ASSIGN_OR_RETURN(const auto transfer, query::NeedTransfer(books_.view(), ref));
      FT_ASSIGN_OR_RETURN(const v1::AccountName account, books_.NameOf(transfer.to));
      FT_ASSIGN_OR_RETURN(std::string amount, books_.Money(Amount(said.amount()), account.asset()));
      cells.insert(cells.end(), {std::move(amount), std::to_string(said.amount())});
    } else {
      cells.resize(cells.size() + 2);
    }
    cells.insert(cells.end(),
                 {said.date(), model::Dashed(model::WordOf(said.channel())), said.sample(), said.note()});
    return Take("acknowledgements", cells);
  }

  Books books_;
  const TakeRow& take_;
};

}  // namespace

Status EachRow(const query::View& view, const TakeRow& take, const Progress& progress) {
  Writer writer(view, take);
  for (const model::Register& of : model::Registers()) FT_RETURN_IF_ERROR(writer.Items(of));
  FT_RETURN_IF_ERROR(writer.Accounts());
  const std::uint64_t size = view.checkpoint.size();
  for (std::uint64_t record = 0; record < size; ++record) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_RETURN_IF_ERROR(writer.Record(RecordIndex(record)));
    if (progress) progress(record + 1, size);
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::tables

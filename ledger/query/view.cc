// See view.h.
#include "ledger/query/view.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/books/state.h"
#include "ledger/model/references.h"
#include "ledger/wire/checkpoints.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

// The version of an item that the view shows.
StatusOr<std::optional<v1::RegisterRow>> Version(const View& view, v1::Action::ActionCase action,
                                                 std::string_view id) {
  FT_ASSIGN_OR_RETURN(auto row, books::GetItem(*view.rows, action, id));
  if (!view.as_of.has_value() || !row.has_value()) return row;
  if (row->opened() > *view.as_of) {
    FT_ASSIGN_OR_RETURN(auto first, books::AsOf(*view.rows, *row, RecordIndex(row->opened())));
    return first;
  }
  return books::AsOf(*view.rows, *std::move(row), RecordIndex(*view.as_of));
}

StatusOr<std::optional<v1::RegisterParty>> PartyIn(const View& view, std::string_view id) {
  FT_ASSIGN_OR_RETURN(auto row, Version(view, v1::Action::kRegisterParty, id));
  if (!row.has_value()) return std::optional<v1::RegisterParty>();
  return std::optional(std::move(*row->mutable_action()->mutable_register_party()));
}

StatusOr<std::optional<v1::DeclareAsset>> AssetIn(const View& view, std::string_view code) {
  FT_ASSIGN_OR_RETURN(auto row, Version(view, v1::Action::kDeclareAsset, code));
  if (!row.has_value()) return std::optional<v1::DeclareAsset>();
  return std::optional(std::move(*row->mutable_action()->mutable_declare_asset()));
}

template <typename Item>
StatusOr<Item> Found(StatusOr<std::optional<Item>> item, std::string_view what, std::string_view name) {
  FT_RETURN_IF_ERROR(item.status());
  if (item->has_value()) return **std::move(item);
  return absl::NotFoundError(
      absl::StrCat("this ledger has no ", std::string(what), " \"", Escaped(name), "\""));
}

template <typename Item>
StatusOr<Item> Needed(StatusOr<std::optional<Item>> item, const Bytes& key) {
  FT_RETURN_IF_ERROR(item.status());
  if (item->has_value()) return **std::move(item);
  return model::Damaged(key, "is missing");
}

}  // namespace

StatusOr<View> MakeView(const store::Reader& rows) {
  FT_ASSIGN_OR_RETURN(const auto note, rows.Get(keys::Checkpoint()));
  if (!note.has_value()) return model::Damaged(keys::Checkpoint(), "is missing");
  auto checkpoint = wire::CheckpointOf(*note);
  if (!checkpoint.ok()) return model::Damaged(keys::Checkpoint(), "cannot be read");
  View view;
  view.rows = &rows;
  view.checkpoint = *std::move(checkpoint);
  return view;
}

StatusOr<View> AtCosigned(const View& view) {
  if (view.cosigned == nullptr)
    return absl::FailedPreconditionError("no witness has cosigned a checkpoint of this ledger yet");
  View cosigned = view;
  cosigned.checkpoint = *view.cosigned;
  return cosigned;
}

View Then(const View& view, std::optional<std::uint64_t> as_of) {
  View then;
  then.rows = view.rows;
  then.checkpoint = view.checkpoint;
  then.cosigned = view.cosigned;
  then.as_of = as_of;
  // What they count, they count in one place.
  then.go_on = [&view] { return view.GoOn(); };
  then.grow = [&view](std::size_t bytes) { return view.Grow(bytes); };
  return then;
}

StatusOr<v1::RegisterParty> FindParty(const View& view, std::string_view id) {
  return Found(PartyIn(view, id), "party", id);
}

Status CheckFund(const View& view, std::string_view fund) {
  return Found(books::GetItem(*view.rows, v1::Action::kOpenFund, fund), "fund", fund).status();
}

StatusOr<v1::DeclareAsset> FindAsset(const View& view, std::string_view code) {
  return Found(AssetIn(view, code), "asset", code);
}

StatusOr<v1::RegisterParty> NeedParty(const View& view, std::string_view id) {
  return Needed(PartyIn(view, id), keys::Party(id));
}

StatusOr<v1::DeclareAsset> NeedAsset(const View& view, std::string_view code) {
  return Needed(AssetIn(view, code), keys::Asset(code));
}

StatusOr<v1::AccountName> NeedAccountName(const View& view, model::AccountNumber account) {
  const Bytes key = keys::AccountName(account);
  return Needed(books::GetMessage<v1::AccountName>(*view.rows, key), key);
}

StatusOr<model::TransferRow> NeedTransfer(const View& view, TransferRef ref) {
  FT_ASSIGN_OR_RETURN(const auto row, books::GetTransfer(*view.rows, ref));
  if (row.has_value()) return *row;
  return model::Damaged(keys::Transfer(ref), "is missing");
}

StatusOr<model::TransferRow> FindTransfer(const View& view, TransferRef ref) {
  FT_ASSIGN_OR_RETURN(const auto row, books::GetTransfer(*view.rows, ref));
  if (row.has_value()) return *row;
  return absl::NotFoundError(absl::StrCat("this ledger has no transfer ", model::RefText(ref), "; it has ",
                                          view.checkpoint.size(), " records, counted from 0"));
}

StatusOr<std::vector<model::AccountNumber>> AccountsOf(const View& view, std::string_view party,
                                                       std::string_view fund) {
  std::vector<model::AccountNumber> accounts;
  const Bytes prefix = keys::AccountsOf(party);
  const auto cursor = view.rows->Scan(prefix, store::PrefixEnd(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto name, keys::ReadAccountByName(cursor->key()));
    if (!fund.empty() && name.fund != fund) continue;
    FT_ASSIGN_OR_RETURN(const auto number, model::DecodeNumber(cursor->key(), cursor->value()));
    accounts.emplace_back(number);
  }
  FT_RETURN_IF_ERROR(cursor->status());
  return accounts;
}

v1::Account Described(const v1::AccountName& name, const v1::RegisterParty& party, std::uint32_t decimals) {
  v1::Account described;
  described.set_party(name.party());
  described.set_party_name(party.name());
  described.set_fund(name.fund());
  described.set_project(name.project());
  described.set_asset(name.asset());
  described.set_decimals(decimals);
  return described;
}

StatusOr<v1::Account> DescribeAccount(const View& view, model::AccountNumber account) {
  FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view, account));
  FT_ASSIGN_OR_RETURN(const auto party, NeedParty(view, name.party()));
  FT_ASSIGN_OR_RETURN(const auto asset, NeedAsset(view, name.asset()));
  return Described(name, party, asset.decimals());
}

}  // namespace fundtrail::query

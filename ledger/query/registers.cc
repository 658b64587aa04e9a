// See registers.h.
#include "ledger/query/registers.h"

#include <functional>
#include <utility>

#include "ledger/books/state.h"
#include "ledger/log/key_lines.h"
#include "ledger/tree/note.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

template <typename Row>
Status EachRow(const View& view, char tag, const std::function<Status(ByteView key, const Row& row)>& take) {
  const Bytes prefix = keys::AllOf(tag);
  const auto cursor = view.rows->Scan(prefix, store::PrefixEnd(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    Row row;
    if (!row.ParseFromArray(cursor->value().data(), static_cast<int>(cursor->value().size()))) {
      return absl::DataLossError("the store is damaged: " + keys::Describe(cursor->key()) +
                                 " cannot be read");
    }
    FT_RETURN_IF_ERROR(take(cursor->key(), row));
  }
  return cursor->status();
}

// `grown`: how much of it View::Grow has been told of.
Status AddParty(const View& view, const v1::PartyRow& row, std::uint32_t depth, v1::PartyAnswer* answer,
                std::size_t grown = 0) {
  auto* line = answer->add_parties();
  *line->mutable_party() = row.party();
  line->set_record(row.record());
  line->set_depth(depth);
  return view.Grow(line->ByteSizeLong() - grown);
}

}  // namespace

StatusOr<v1::PartyAnswer> ShowParty(const View& view, std::string_view id) {
  v1::PartyAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  FT_ASSIGN_OR_RETURN(const auto row, FindParty(view, id));
  FT_RETURN_IF_ERROR(AddParty(view, row, 0, &answer));
  return answer;
}

StatusOr<v1::PartyAnswer> ListParties(const View& view) {
  v1::PartyAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  FT_RETURN_IF_ERROR(EachRow<v1::PartyRow>(view, keys::kPartyTag, [&](ByteView, const v1::PartyRow& row) {
    return AddParty(view, row, 0, &answer);
  }));
  return answer;
}

StatusOr<v1::PartyAnswer> PartyTree(const View& view, std::string_view root) {
  v1::PartyAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  std::string top(root);
  if (top.empty()) {
    FT_ASSIGN_OR_RETURN(const auto genesis, books::GetGenesis(*view.rows));
    if (!genesis.has_value()) return absl::DataLossError("the store is damaged: it has no genesis");
    top = genesis->root_party();
  }
  std::vector<std::pair<std::string, std::uint32_t>> open{{top, 0}};
  FT_RETURN_IF_ERROR(view.Grow(top.size()));
  while (!open.empty()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    const auto [id, depth] = open.back();
    open.pop_back();
    FT_ASSIGN_OR_RETURN(const auto row, FindParty(view, id));
    FT_RETURN_IF_ERROR(AddParty(view, row, depth, &answer, id.size()));
    std::vector<std::pair<std::string, std::uint32_t>> children;
    const Bytes prefix = keys::ChildrenOf(id);
    const auto cursor = view.rows->Scan(prefix, store::PrefixEnd(prefix));
    for (; cursor->Valid(); cursor->Next()) {
      FT_RETURN_IF_ERROR(view.GoOn());
      children.emplace_back(std::string(keys::LastText(cursor->key())), depth + 1);
      FT_RETURN_IF_ERROR(view.Grow(children.back().first.size()));
    }
    FT_RETURN_IF_ERROR(cursor->status());
    open.insert(open.end(), children.rbegin(), children.rend());
  }
  return answer;
}

StatusOr<v1::KeyAnswer> ListKeys(const View& view, std::string_view party, ByteView public_key) {
  v1::KeyAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  FT_ASSIGN_OR_RETURN(const auto genesis, books::GetGenesis(*view.rows));
  if (genesis.has_value()) answer.set_root_threshold(genesis->threshold());
  if (!party.empty()) FT_RETURN_IF_ERROR(FindParty(view, party).status());
  FT_RETURN_IF_ERROR(EachRow<v1::GrantRow>(view, keys::kGrantTag, [&](ByteView key, const v1::GrantRow& row) {
    if (!party.empty() && keys::PartyOfGrant(key) != party) return absl::OkStatus();
    if (!public_key.empty() && keys::PublicKeyOfGrant(key) != public_key) return absl::OkStatus();
    auto* line = answer.add_keys();
    line->set_public_key(std::string(keys::PublicKeyOfGrant(key)));
    line->set_party(std::string(keys::PartyOfGrant(key)));
    *line->mutable_permissions() = row.permissions();
    line->set_descendants(row.descendants());
    line->set_root(row.root());
    line->set_record(row.record());
    return view.Grow(line->ByteSizeLong());
  }));
  return answer;
}

StatusOr<v1::LedgerKeyAnswer> ListLedgerKeys(const View& view) {
  v1::LedgerKeyAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  FT_ASSIGN_OR_RETURN(const auto history, books::GetLedgerKeys(*view.rows));
  *answer.mutable_keys() = log::ToLines(view.checkpoint.ledger(), history);
  FT_ASSIGN_OR_RETURN(const auto note, tree::ParseNote(view.checkpoint.note()));
  for (const tree::NoteSignature& signature : note.signatures) {
    if (signature.name != view.checkpoint.ledger()) continue;
    Bytes key_id;
    AppendBigEndian32(&key_id, signature.key_id);
    answer.set_key_id(HexEncode(key_id));
  }
  return answer;
}

StatusOr<v1::FundAnswer> ListFunds(const View& view) {
  v1::FundAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  FT_RETURN_IF_ERROR(EachRow<v1::FundRow>(view, keys::kFundTag, [&](ByteView, const v1::FundRow& row) {
    *answer.add_funds() = row.fund();
    return view.Grow(row.fund().ByteSizeLong());
  }));
  return answer;
}

StatusOr<v1::AssetAnswer> ListAssets(const View& view) {
  v1::AssetAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  FT_RETURN_IF_ERROR(EachRow<v1::AssetRow>(view, keys::kAssetTag, [&](ByteView, const v1::AssetRow& row) {
    *answer.add_assets() = row.asset();
    return view.Grow(row.asset().ByteSizeLong());
  }));
  return answer;
}

}  // namespace fundtrail::query

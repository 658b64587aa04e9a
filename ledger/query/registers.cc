// See registers.h.
#include "ledger/query/registers.h"

#include <functional>
#include <utility>

#include "ledger/books/state.h"
#include "ledger/model/bounds.h"
#include "ledger/tree/note.h"
#include "ledger/wire/key_lines.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

constexpr std::size_t kPublicKeyBytes = 32;

// How one register becomes pages.
template <typename Row, typename Page>
struct Register {
  Bytes prefix;  // of its rows
  std::function<StatusOr<bool>(ByteView key)> asked = [](ByteView) { return true; };
  std::function<StatusOr<std::size_t>(ByteView key, const Row& row, Page* page)>
      add;  // answers with its bytes
  std::function<StatusOr<std::string>(ByteView key)> place = [](ByteView key) -> StatusOr<std::string> {
    FT_ASSIGN_OR_RETURN(const auto name, keys::ReadName(key));  // as a page token has it
    return std::string(name);
  };
};

// The rows behind `last`, a key that need not be there any more; from the first when it is empty.
template <typename Row, typename Page>
typename Pages<Page>::Fill FillFrom(const View& view, Register<Row, Page> of, PageToken token, Bytes last) {
  return [&view, of = std::move(of), token = std::move(token), last = std::move(last)](
             Page* page, Room* room) mutable -> StatusOr<std::optional<std::string>> {
    const Bytes begin = last.empty() ? of.prefix : last + '\0';
    const auto cursor = view.rows->Scan(begin, store::PrefixEnd(of.prefix));
    for (; cursor->Valid(); cursor->Next()) {
      FT_RETURN_IF_ERROR(view.GoOn());
      FT_ASSIGN_OR_RETURN(const bool asked, of.asked(cursor->key()));
      if (!asked) continue;
      if (room->full()) {
        FT_ASSIGN_OR_RETURN(const std::string place, of.place(last));
        return std::optional(token.At(place));
      }
      FT_ASSIGN_OR_RETURN(const auto row, model::DecodeMessage<Row>(cursor->key(), cursor->value()));
      FT_ASSIGN_OR_RETURN(const std::size_t bytes, of.add(cursor->key(), row, page));
      room->TakePart(bytes);
      last = cursor->key();
    }
    FT_RETURN_IF_ERROR(cursor->status());
    return std::optional<std::string>();
  };
}

// The row's key that a paging begins behind, which `key` makes of the place in its token; empty when it begins at the
// first. What is `lasting` must be there.
StatusOr<Bytes> KeyAfter(const View& view, const Paging& paging, const PageToken& token, bool lasting,
                         const std::function<Bytes(std::string_view place)>& key) {
  if (paging.after.empty()) return Bytes();
  FT_ASSIGN_OR_RETURN(const std::string place, token.Place(paging.after));
  Bytes made = key(place);
  if (made.empty()) return token.Refused(paging.after);
  if (!lasting) return made;
  FT_ASSIGN_OR_RETURN(const auto row, view.rows->Get(made));
  if (!row.has_value()) return token.Refused(paging.after);
  return made;
}

std::size_t AddParty(const v1::PartyRow& row, std::uint32_t depth, v1::PartyAnswer* answer) {
  auto* line = answer->add_parties();
  *line->mutable_party() = row.party();
  line->set_record(row.record());
  line->set_depth(depth);
  return line->ByteSizeLong();
}

}  // namespace

StatusOr<Pages<v1::PartyAnswer>> ShowParty(const View& view, std::string_view id, const Paging& paging) {
  const PageToken token{"party", id};
  if (!paging.after.empty()) return token.Refused(paging.after);  // nothing is ever behind it
  FT_ASSIGN_OR_RETURN(auto row, FindParty(view, id));
  return Pages<v1::PartyAnswer>(view, paging, [row = std::move(row)](v1::PartyAnswer* page, Room* room) {
    room->TakePart(AddParty(row, 0, page));
    return StatusOr<std::optional<std::string>>(std::nullopt);
  });
}

StatusOr<Pages<v1::PartyAnswer>> ListParties(const View& view, const Paging& paging) {
  Register<v1::PartyRow, v1::PartyAnswer> parties;
  parties.prefix = keys::AllOf(keys::kPartyTag);
  parties.add = [](ByteView, const v1::PartyRow& row, v1::PartyAnswer* page) {
    return AddParty(row, 0, page);
  };
  PageToken token{"parties"};
  FT_ASSIGN_OR_RETURN(auto after, KeyAfter(view, paging, token, true, keys::Party));
  return Pages<v1::PartyAnswer>(view, paging,
                                FillFrom(view, std::move(parties), std::move(token), std::move(after)));
}

StatusOr<Pages<v1::KeyAnswer>> ListKeys(const View& view, std::string_view party, ByteView public_key,
                                        const Paging& paging) {
  if (!party.empty()) FT_RETURN_IF_ERROR(FindParty(view, party).status());
  FT_ASSIGN_OR_RETURN(const auto genesis, books::NeedGenesis(*view.rows));
  Register<v1::GrantRow, v1::KeyAnswer> grants;
  grants.prefix = public_key.empty() ? keys::AllOf(keys::kGrantTag) : keys::GrantsOf(public_key);
  grants.asked = [party = std::string(party),
                  public_key = Bytes(public_key)](ByteView key) -> StatusOr<bool> {
    FT_ASSIGN_OR_RETURN(const auto grant, keys::ReadGrant(key));
    return (party.empty() || grant.party == party) && (public_key.empty() || grant.public_key == public_key);
  };
  grants.add = [](ByteView key, const v1::GrantRow& row, v1::KeyAnswer* page) -> StatusOr<std::size_t> {
    FT_ASSIGN_OR_RETURN(const auto grant, keys::ReadGrant(key));
    if (!model::IsValidId(grant.party)) return model::Damaged(key, "is no key of a row");
    auto* line = page->add_keys();
    line->set_public_key(std::string(grant.public_key));
    line->set_party(std::string(grant.party));
    *line->mutable_permissions() = row.permissions();
    line->set_descendants(row.descendants());
    line->set_root(row.root());
    line->set_record(row.record());
    return line->ByteSizeLong();
  };
  grants.place = [](ByteView key) -> StatusOr<std::string> {
    FT_ASSIGN_OR_RETURN(const auto grant, keys::ReadGrant(key));
    return HexEncode(grant.public_key) + "." + std::string(grant.party);
  };
  PageToken token{"keys", party, public_key};
  const auto grant_at = [&prefix = grants.prefix](std::string_view place) {
    const std::size_t point = std::min(place.find('.'), place.size());
    const auto key = HexDecode(place.substr(0, point));
    const bool whole = key.ok() && key->size() == kPublicKeyBytes && point < place.size();
    Bytes grant = whole ? keys::Grant(*key, place.substr(point + 1)) : Bytes();
    // Beyond its own rows a scan would have an end before its beginning.
    return grant.substr(0, prefix.size()) == prefix ? grant : Bytes();
  };
  FT_ASSIGN_OR_RETURN(auto after, KeyAfter(view, paging, token, false, grant_at));
  auto rows = FillFrom(view, std::move(grants), std::move(token), std::move(after));
  return Pages<v1::KeyAnswer>(
      view, paging,
      [threshold = genesis.threshold(), rows = std::move(rows)](v1::KeyAnswer* page, Room* room) {
        page->set_root_threshold(threshold);
        return rows(page, room);
      });
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

StatusOr<Pages<v1::FundAnswer>> ListFunds(const View& view, const Paging& paging) {
  Register<v1::FundRow, v1::FundAnswer> funds;
  funds.prefix = keys::AllOf(keys::kFundTag);
  funds.add = [](ByteView, const v1::FundRow& row, v1::FundAnswer* page) {
    *page->add_funds() = row.fund();
    return row.fund().ByteSizeLong();
  };
  PageToken token{"funds"};
  FT_ASSIGN_OR_RETURN(auto after, KeyAfter(view, paging, token, true, keys::Fund));
  return Pages<v1::FundAnswer>(view, paging,
                               FillFrom(view, std::move(funds), std::move(token), std::move(after)));
}

StatusOr<Pages<v1::AssetAnswer>> ListAssets(const View& view, const Paging& paging) {
  Register<v1::AssetRow, v1::AssetAnswer> assets;
  assets.prefix = keys::AllOf(keys::kAssetTag);
  assets.add = [](ByteView, const v1::AssetRow& row, v1::AssetAnswer* page) {
    *page->add_assets() = row.asset();
    return row.asset().ByteSizeLong();
  };
  PageToken token{"assets"};
  FT_ASSIGN_OR_RETURN(auto after, KeyAfter(view, paging, token, true, keys::Asset));
  return Pages<v1::AssetAnswer>(view, paging,
                                FillFrom(view, std::move(assets), std::move(token), std::move(after)));
}

}  // namespace fundtrail::query

// See key_grants.h.
#include "ledger/query/key_grants.h"

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

// The place of a grant in a page token: its key and its party.
StatusOr<std::string> PlaceOf(ByteView key) {
  FT_ASSIGN_OR_RETURN(const auto grant, keys::ReadGrant(key));
  return HexEncode(grant.public_key) + "." + std::string(grant.party);
}

// The row's key at such a place; empty when it is none.
Bytes GrantAt(std::string_view place) {
  const std::size_t point = std::min(place.find('.'), place.size());
  const auto key = HexDecode(place.substr(0, point));
  const bool whole = key.ok() && key->size() == kPublicKeyBytes && point < place.size();
  return whole ? keys::Grant(*key, place.substr(point + 1)) : Bytes();
}

StatusOr<std::size_t> AddKey(ByteView key, const v1::GrantRow& row, v1::KeyAnswer* page) {
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
}

}  // namespace

StatusOr<Pages<v1::KeyAnswer>> Keys(const View& view, const v1::KeysRequest& request, const Paging& paging) {
  const std::string& party = request.party();
  const Bytes& public_key = request.public_key();
  if (!party.empty()) FT_RETURN_IF_ERROR(FindParty(view, party).status());
  FT_ASSIGN_OR_RETURN(const auto genesis, books::NeedGenesis(*view.rows));
  const Bytes prefix = public_key.empty() ? keys::AllOf(keys::kGrantTag) : keys::GrantsOf(public_key);
  const PageToken token{"keys", party, public_key};
  Bytes last;
  if (!paging.after.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string place, token.Place(paging.after));
    last = GrantAt(place);
    // Beyond its own rows a scan would have an end before its beginning. The grant need not be there any more.
    if (last.empty() || last.substr(0, prefix.size()) != prefix) return token.Refused(paging.after);
  }
  return Pages<v1::KeyAnswer>(
      view, paging,
      [&view, request, prefix, token, last, threshold = genesis.threshold()](
          v1::KeyAnswer* page, PageBudget* budget) mutable -> StatusOr<std::optional<std::string>> {
        page->set_root_threshold(threshold);
        const auto cursor = view.rows->Scan(last.empty() ? prefix : last + '\0', store::PrefixEnd(prefix));
        for (; cursor->Valid(); cursor->Next()) {
          FT_RETURN_IF_ERROR(view.GoOn());
          FT_ASSIGN_OR_RETURN(const auto grant, keys::ReadGrant(cursor->key()));
          if (!request.party().empty() && grant.party != request.party()) continue;
          if (!request.public_key().empty() && grant.public_key != request.public_key()) continue;
          if (budget->full()) {
            FT_ASSIGN_OR_RETURN(const std::string place, PlaceOf(last));
            return std::optional(token.At(place));
          }
          FT_ASSIGN_OR_RETURN(const auto row,
                              model::DecodeMessage<v1::GrantRow>(cursor->key(), cursor->value()));
          FT_ASSIGN_OR_RETURN(const std::size_t bytes, AddKey(cursor->key(), row, page));
          budget->TakePart(bytes);
          last = cursor->key();
        }
        FT_RETURN_IF_ERROR(cursor->status());
        return std::optional<std::string>();
      });
}

StatusOr<v1::LedgerKeyAnswer> LedgerKeys(const View& view, const v1::LedgerKeysRequest& /*request*/) {
  v1::LedgerKeyAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  FT_ASSIGN_OR_RETURN(const auto history, books::GetLedgerKeys(*view.rows));
  *answer.mutable_keys() = wire::ToLines(view.checkpoint.ledger(), history);
  FT_ASSIGN_OR_RETURN(const auto note, tree::ParseNote(view.checkpoint.note()));
  for (const tree::NoteSignature& signature : note.signatures) {
    if (signature.name != view.checkpoint.ledger()) continue;
    Bytes key_id;
    AppendBigEndian32(&key_id, signature.key_id);
    answer.set_key_id(HexEncode(key_id));
  }
  return answer;
}

}  // namespace fundtrail::query

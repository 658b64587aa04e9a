// See key_grants.h.
#include "ledger/query/key_grants.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/books/state.h"
#include "ledger/model/bounds.h"
#include "ledger/query/movements.h"
#include "ledger/query/project_rows.h"
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

// A grant, and the key of its row `k`, though it may be there no more.
struct Held {
  Bytes key;
  v1::GrantRow row;
};

// Goes through the grants as they are now, or as they were after a record: in the order of the rows `k`.
class GrantWalk {
 public:
  // `last`: the key of the row `k` to go on behind; empty for the first. The view must outlive the walk.
  GrantWalk(const View& view, const Bytes& public_key, const Bytes& last, AsOfRecord as_of)
      : view_(view), as_of_(as_of) {
    const Bytes now = public_key.empty() ? keys::AllOf(keys::kGrantTag) : keys::GrantsOf(public_key);
    now_ = view.rows->Scan(last.empty() ? now : last + '\0', store::PrefixEnd(now));
    if (!as_of.has_value()) return;
    const Bytes past = public_key.empty() ? keys::AllOf(keys::kPastGrantTag) : keys::PastGrantsOf(public_key);
    past_ = view.rows->Scan(last.empty() ? past : BehindAllOf(last), store::PrefixEnd(past));
  }

  // Nothing at the end.
  StatusOr<std::optional<Held>> Next() {
    while (true) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_RETURN_IF_ERROR(now_->status());
      FT_ASSIGN_OR_RETURN(const Bytes past, PastName());
      if (!now_->Valid() && past.empty()) return std::optional<Held>();
      Held held;
      held.key = !now_->Valid() || (!past.empty() && past < now_->key()) ? past : Bytes(now_->key());
      bool stood = false;
      if (held.key == past) {
        FT_ASSIGN_OR_RETURN(stood, TakePast(&held));
      }
      if (now_->Valid() && now_->key() == held.key) {
        FT_ASSIGN_OR_RETURN(auto row, model::DecodeMessage<v1::GrantRow>(now_->key(), now_->value()));
        now_->Next();
        if (!as_of_.has_value() || row.record() <= *as_of_) {
          held.row = std::move(row);
          stood = true;
        }
      }
      if (stood) return std::optional(std::move(held));
    }
  }

 private:
  // Behind the last row `R` of the same key and party.
  static Bytes BehindAllOf(const Bytes& last) {
    const auto grant = keys::ReadGrant(last);
    return grant.ok() ? store::PrefixEnd(keys::PastGrantsOf(grant->public_key, grant->party)) : last;
  }

  // The key of the row `k` that the next row `R` was; empty when there is none.
  StatusOr<Bytes> PastName() {
    if (past_ == nullptr) return Bytes();
    FT_RETURN_IF_ERROR(past_->status());
    if (!past_->Valid()) return Bytes();
    FT_ASSIGN_OR_RETURN(const auto of, keys::ReadPastGrant(past_->key()));
    if (!model::IsValidId(of.party)) return model::Damaged(past_->key(), "is no key of a row");
    return keys::Grant(of.public_key, of.party);
  }

  // Goes behind all that were taken back of this key and party. Whether one of them was in force then: the first that was
  // taken back later, unless it was given later too.
  StatusOr<bool> TakePast(Held* held) {
    FT_ASSIGN_OR_RETURN(const auto of, keys::ReadGrant(held->key));
    const Bytes prefix = keys::PastGrantsOf(of.public_key, of.party), end = store::PrefixEnd(prefix);
    past_->SkipTo(keys::PastGrant(of.public_key, of.party, RecordIndex(*as_of_ + 1)));
    FT_RETURN_IF_ERROR(past_->status());
    bool stood = false;
    if (past_->Valid() && past_->key() < ByteView(end)) {
      FT_ASSIGN_OR_RETURN(auto row, model::DecodeMessage<v1::GrantRow>(past_->key(), past_->value()));
      stood = row.record() <= *as_of_;
      held->row = std::move(row);
      past_->SkipTo(end);
    }
    return stood;
  }

  const View& view_;
  const AsOfRecord as_of_;
  std::unique_ptr<store::Cursor> now_, past_;  // no `past_` when it is asked for now
};

// A grant that is in force, or that was.
struct EverHeld {
  Bytes key;  // of the row `k`, though it may be there no more
  v1::GrantRow row;
  std::optional<RecordIndex> until;  // the record that took it back
};

// Goes through all grants that ever were: by key and party, and of these in the order in which they ended.
class AllGrantsWalk {
 public:
  // `last`: the grant to go on behind; one without a key for the first. The view must outlive the walk.
  AllGrantsWalk(const View& view, const Bytes& public_key, const EverHeld& last) : view_(view) {
    const Bytes now = public_key.empty() ? keys::AllOf(keys::kGrantTag) : keys::GrantsOf(public_key);
    const Bytes past = public_key.empty() ? keys::AllOf(keys::kPastGrantTag) : keys::PastGrantsOf(public_key);
    Bytes now_from = now, past_from = past;
    if (const auto of = keys::ReadGrant(last.key); of.ok()) {
      now_from = last.until.has_value() ? last.key : last.key + '\0';
      past_from = last.until.has_value() ? keys::PastGrant(of->public_key, of->party, *last.until) + '\0'
                                         : store::PrefixEnd(keys::PastGrantsOf(of->public_key, of->party));
    }
    now_ = view.rows->Scan(now_from, store::PrefixEnd(now));
    past_ = view.rows->Scan(past_from, store::PrefixEnd(past));
  }

  // Nothing at the end.
  StatusOr<std::optional<EverHeld>> Next() {
    FT_RETURN_IF_ERROR(view_.GoOn());
    FT_RETURN_IF_ERROR(now_->status());
    FT_RETURN_IF_ERROR(past_->status());
    EverHeld held;
    if (past_->Valid()) {
      FT_ASSIGN_OR_RETURN(const auto of, keys::ReadPastGrant(past_->key()));
      if (!model::IsValidId(of.party)) return model::Damaged(past_->key(), "is no key of a row");
      held.key = keys::Grant(of.public_key, of.party);
      if (!now_->Valid() || ByteView(held.key) <= now_->key()) {
        held.until = of.until;
        FT_ASSIGN_OR_RETURN(held.row, model::DecodeMessage<v1::GrantRow>(past_->key(), past_->value()));
        past_->Next();
        return std::optional(std::move(held));
      }
    }
    if (!now_->Valid()) return std::optional<EverHeld>();
    held.key = Bytes(now_->key());
    FT_ASSIGN_OR_RETURN(held.row, model::DecodeMessage<v1::GrantRow>(now_->key(), now_->value()));
    now_->Next();
    return std::optional(std::move(held));
  }

 private:
  const View& view_;
  std::unique_ptr<store::Cursor> now_, past_;
};

// The place of a grant in a page token, where all are asked for: when it ended, its key and its party.
StatusOr<std::string> PlaceOf(const EverHeld& held) {
  FT_ASSIGN_OR_RETURN(const std::string place, PlaceOf(ByteView(held.key)));
  return absl::StrCat(held.until.has_value() ? absl::StrCat(held.until->value()) : "now", ".", place);
}

// The grant at such a place; one without a key when it is none.
EverHeld EverHeldAt(std::string_view place) {
  EverHeld held;
  const std::size_t point = std::min(place.find('.'), place.size());
  const std::string until(place.substr(0, point));
  std::uint64_t record = 0;
  if (until != "now") {
    if (!absl::SimpleAtoi(until, &record)) return held;
    held.until = RecordIndex(record);
  }
  if (point < place.size()) held.key = GrantAt(place.substr(point + 1));
  return held;
}

// Beyond its own rows a scan would have an end before its beginning.
bool IsOfKey(const Bytes& grant, const Bytes& public_key) {
  const Bytes prefix = public_key.empty() ? keys::AllOf(keys::kGrantTag) : keys::GrantsOf(public_key);
  return !grant.empty() && grant.substr(0, prefix.size()) == prefix;
}

StatusOr<Pages<v1::KeyAnswer>> AllKeys(const View& view, const v1::KeysRequest& request, const Paging& paging,
                                       std::uint32_t threshold) {
  const PageToken token{"all keys", request.party(), request.public_key()};
  EverHeld last;
  if (!paging.after.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string place, token.Place(paging.after));
    last = EverHeldAt(place);
    if (!IsOfKey(last.key, request.public_key())) return token.Refused(paging.after);
  }
  return Pages<v1::KeyAnswer>(
      view, paging,
      [&view, request, token, last, threshold](
          v1::KeyAnswer* page, PageBudget* budget) mutable -> StatusOr<std::optional<std::string>> {
        page->set_root_threshold(threshold);
        AllGrantsWalk walk(view, request.public_key(), last);
        while (true) {
          FT_ASSIGN_OR_RETURN(auto held, walk.Next());
          if (!held.has_value()) return std::optional<std::string>();
          FT_ASSIGN_OR_RETURN(const auto grant, keys::ReadGrant(held->key));
          if (!request.party().empty() && grant.party != request.party()) continue;
          if (budget->full()) {
            FT_ASSIGN_OR_RETURN(const std::string place, PlaceOf(last));
            return std::optional(token.At(place));
          }
          FT_ASSIGN_OR_RETURN(std::size_t bytes, AddKey(held->key, held->row, page));
          if (held->until.has_value()) {
            v1::KeyLine* const line = page->mutable_keys(page->keys_size() - 1);
            line->set_revoked(held->until->value());
            bytes = line->ByteSizeLong();
          }
          budget->TakePart(bytes);
          last = *std::move(held);
        }
      });
}

// How many root keys had to sign after that record.
std::uint32_t ThresholdThen(const v1::GenesisRow& genesis, AsOfRecord as_of) {
  for (const v1::ThresholdUntil& past : genesis.past_thresholds())
    if (as_of.has_value() && *as_of < past.until()) return past.threshold();
  return genesis.threshold();
}

}  // namespace

StatusOr<Pages<v1::KeyAnswer>> Keys(const View& view, const v1::KeysRequest& request, const Paging& paging) {
  const std::string& party = request.party();
  const Bytes& public_key = request.public_key();
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of));
  if (!party.empty()) {
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view, v1::Action::kRegisterParty, party, as_of));
    if (!row.has_value())
      return absl::NotFoundError(absl::StrCat("this ledger has no party \"", Escaped(party), "\"",
                                              as_of.has_value() ? " at that record" : ""));
  }
  FT_ASSIGN_OR_RETURN(const auto genesis, books::NeedGenesis(*view.rows));
  if (request.all()) {
    if (as_of.has_value())
      return absl::InvalidArgumentError("all: as of a record only the keys in force then are shown");
    return AllKeys(view, request, paging, genesis.threshold());
  }
  const PageToken token{"keys", party, public_key, as_of.has_value() ? absl::StrCat(*as_of) : ""};
  Bytes last;
  if (!paging.after.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string place, token.Place(paging.after));
    last = GrantAt(place);
    // The grant need not be there any more.
    if (!IsOfKey(last, public_key)) return token.Refused(paging.after);
  }
  return Pages<v1::KeyAnswer>(
      view, paging,
      [&view, request, token, last, as_of, threshold = ThresholdThen(genesis, as_of)](
          v1::KeyAnswer* page, PageBudget* budget) mutable -> StatusOr<std::optional<std::string>> {
        page->set_root_threshold(threshold);
        if (as_of.has_value()) page->set_as_of_record(*as_of);
        GrantWalk walk(view, request.public_key(), last, as_of);
        while (true) {
          FT_ASSIGN_OR_RETURN(const auto held, walk.Next());
          if (!held.has_value()) return std::optional<std::string>();
          FT_ASSIGN_OR_RETURN(const auto grant, keys::ReadGrant(held->key));
          if (!request.party().empty() && grant.party != request.party()) continue;
          if (!request.public_key().empty() && grant.public_key != request.public_key()) continue;
          if (budget->full()) {
            FT_ASSIGN_OR_RETURN(const std::string place, PlaceOf(last));
            return std::optional(token.At(place));
          }
          FT_ASSIGN_OR_RETURN(const std::size_t bytes, AddKey(held->key, held->row, page));
          budget->TakePart(bytes);
          last = held->key;
        }
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

// See walk_names.h.
#include "ledger/query/walk_names.h"

#include <utility>

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

template <typename Message>
class MessageNote final : public store::Note {
 public:
  explicit MessageNote(Message read) : message(std::move(read)) {}
  std::size_t bytes() const override { return sizeof *this + message.SpaceUsedLong(); }
  const Message message;
};

// What `read` reads of the row: once, where notes are kept. Null: they are not.
template <typename Message, typename Read>
StatusOr<std::shared_ptr<const Message>> Noted(const store::Notes* notes, const Bytes& key,
                                               const Read& read) {
  using Note = MessageNote<Message>;
  auto note = notes == nullptr ? nullptr : std::static_pointer_cast<const Note>(notes->Find(key));
  if (note == nullptr) {
    FT_ASSIGN_OR_RETURN(auto message, read());
    note = std::make_shared<const Note>(std::move(message));
    if (notes != nullptr) notes->KeepOfRow(key, note);
  }
  return std::shared_ptr<const Message>(note, &note->message);
}

}  // namespace

StatusOr<std::shared_ptr<const v1::AccountName>> NameReader::Name(model::AccountNumber account) {
  const Bytes key = keys::AccountName(account);
  return Noted<v1::AccountName>(notes_, key, [&]() -> StatusOr<v1::AccountName> {
    FT_ASSIGN_OR_RETURN(const auto row, names_.Get(key, AreNear(account.value(), last_)));
    if (!row.has_value()) return model::Damaged(key, "is missing");
    last_ = account.value();
    return model::DecodeMessage<v1::AccountName>(key, *row);
  });
}

StatusOr<std::shared_ptr<const v1::RegisterParty>> NameReader::Party(const std::string& id) {
  // Of an older version the row of the present one says nothing.
  return Noted<v1::RegisterParty>(view_.as_of.has_value() ? nullptr : notes_, keys::Party(id),
                                  [&] { return NeedParty(view_, id); });
}

}  // namespace fundtrail::query

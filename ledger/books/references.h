// What an action names: an item of a register that must be there, and that may have ended.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fundtrail/v1/refusal.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/status.h"
#include "ledger/books/items.h"
#include "ledger/model/register_table.h"
#include "ledger/store/store.h"

namespace fundtrail::books {

// The present version of the item that `field` of an entry names. REFERENCE_UNKNOWN when there is none.
StatusOr<v1::RegisterRow> FindItem(const store::Reader& state, const model::Register& of, std::string_view id,
                                   const std::string& field);

// The same of a party.
StatusOr<v1::RegisterRow> FindParty(const store::Reader& state, std::string_view id,
                                    const std::string& field);

// The same for rules that ask for the same items again and again.
StatusOr<SharedItem> FindItem(const store::Reader& state, Items* items, const model::Register& of,
                              std::string_view id, const std::string& field);
StatusOr<SharedItem> FindParty(const store::Reader& state, Items* items, std::string_view id,
                               const std::string& field);

// REFERENCE_ENDED when the item has ended.
Status CheckGoesOn(const v1::RegisterRow& row, const std::string& field);

// What the fields of `item` name by their form (`refers_to`), in messages inside it too, is there and goes on. What `before`
// named already may have ended; null: nothing. `field` is where the item stands.
Status CheckReferences(const store::Reader& state, Items* items, const google::protobuf::Message& item,
                       const google::protobuf::Message* before, const std::string& field);

// The ids of the items of that register that the fields of `item` name by their form, in messages inside it too. An
// item that is named twice is listed twice.
StatusOr<std::vector<std::string>> ItemsNamed(const google::protobuf::Message& item,
                                              const model::Register& of_register);

// The items of all registers that the fields of `item` name so, in their order, by register and id.
std::vector<std::pair<const model::Register*, std::string>> AllNamed(const google::protobuf::Message& item);

// A refusal that is about an item, with the record that is in the way where there is one.
Status RefuseItem(v1::RefusalCode code, const model::Register& of, std::string_view id,
                  const std::string& field, const std::string& sentence,
                  std::optional<std::uint64_t> record = std::nullopt);

}  // namespace fundtrail::books

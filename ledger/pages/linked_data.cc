// See linked_data.h.
#include "ledger/pages/linked_data.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/pages/escapes.h"

namespace fundtrail::pages {

LinkedThing& LinkedThing::Put(std::string_view field, const std::string& json) {
  absl::StrAppend(&fields_, fields_.empty() ? "" : ",", EscapedJson(field), ":", json);
  return *this;
}
LinkedThing& LinkedThing::Set(std::string_view field, std::string_view text) {
  return Put(field, EscapedJson(text));
}
LinkedThing& LinkedThing::Set(std::string_view field, const LinkedThing& thing) {
  return Put(field, thing.Json());
}
LinkedThing& LinkedThing::Set(std::string_view field, const std::vector<LinkedThing>& things) {
  return Put(field,
             absl::StrCat("[",
                          absl::StrJoin(things, ",",
                                        [](std::string* out, const LinkedThing& one) { *out += one.Json(); }),
                          "]"));
}
LinkedThing& LinkedThing::Set(std::string_view field, const std::vector<std::string>& texts) {
  return Put(
      field,
      absl::StrCat("[",
                   absl::StrJoin(texts, ",",
                                 [](std::string* out, const std::string& one) { *out += EscapedJson(one); }),
                   "]"));
}

}  // namespace fundtrail::pages

// Ids made from names, so that the same name gets the same id whoever imports it, and whenever.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fundtrail::sheets {

// An id of at most 48 signs, [a-z0-9-.] only and a letter or digit first. ASCII letters and digits are kept
// in lower case; each run of other ASCII signs becomes one "-" (a point between two of [a-z0-9] stays):
//   "Sweden, Government of" -> "sweden-government-of"
// Some names get "-" and 10 hexadecimal digits of SHA-256 over the name in NFC. They are those with more than ASCII,
// those that are too long, and those that hold nothing to keep. The digits follow at most 37 signs of the slug ("n" when
// there is none):
//   "Médecins du Monde" -> "m-decins-du-monde-<hex>"      "武汉市金银潭医院" -> "n-<hex>"
// So two names share an id when both are short ASCII and differ in case, spaces and signs alone
// ("OXFAM", "Oxfam."). That is mostly one party written twice. Any other pair shares one by a chance of 1 in 2^40.
// An importer that must keep two apart uses StableIdLong for the second. Spaces are first collapsed
// as SingleLine does. A plain name that itself ends like a hash gets one too, so that no name can take
// another's id on purpose.
std::string StableId(std::string_view name);

// The same with the hash always, and 20 digits of it, so that every two different names differ.
std::string StableIdLong(std::string_view name);

// The name in Latin letters, as ICU writes it (base/names.h), as an id:
//   "贵州省扶贫基金" -> "gui-zhou-sheng-fu-pin-ji-jin"      "Médecins du Monde" -> "medecins-du-monde"
// Of a name in ASCII, and where nothing is left of it, it is StableId's. When it is too long, or ends like a hash, "-" and 10
// digits of the hash follow. Names that sound alike share an id: whoever makes one puts a number after it.
std::string ReadableId(std::string_view name);

// The id with a number after it.
std::string NumberedId(std::string_view id, std::uint32_t number);

}  // namespace fundtrail::sheets

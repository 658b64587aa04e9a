// Which characters a record takes: one list, in docs/formats.md too, and the same for ever.
//
// It is not left to ICU, whose answers change with the version of Unicode: an auditor in ten years must come to
// the same verdict. It was drawn from Unicode 15.0: Default_Ignorable_Code_Point with the places reserved for it, and
// Bidi_Control. Then come the general categories Cc, Cf, Zl, Zp, Co, the noncharacters, and signs that show nothing. A test
// compares it with ICU. A character that Unicode had not assigned then is taken as it is.
#pragma once

#include <cstdint>
#include <string_view>

namespace fundtrail {

enum class Unfit : std::uint8_t {
  kNot,          // it may stand in a record
  kControl,      // C0, DEL, C1
  kHidden,       // is not seen, or changes how others are seen
  kPrivate,      // every reader may see another sign
  kNoCharacter,  // will never be one
};
// The joiners U+200C and U+200D are kHidden; where they may stand is JoinerFits.
Unfit UnfitOf(char32_t c);

// Unicode's White_Space.
bool IsWhiteSpace(char32_t c);

bool IsJoiner(char32_t c);
// Whether the joiner that stands between these two parts of a text spells a word there. After a virama of an Indic
// script it does. So does U+200C between two letters of the Arabic script that would join (RFC 5892, A.1 and A.2). So does
// U+200D in Bengali between ra and the hasanta. Anywhere else nobody sees it. The parts are UTF-8, as far as they can be read.
bool JoinerFits(char32_t joiner, std::string_view before, std::string_view after);

}  // namespace fundtrail

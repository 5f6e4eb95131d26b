#pragma once

#include <vector>

namespace jieding::vision {

/// A top edge lower than this, in storeys, may be the ground's own: a pit's rim, a machine.
inline constexpr double lowest_body = 2.0;
/// Up to here the first storeys may show, seen through or half hidden, before they are believed.
inline constexpr double first_storeys = 4.5;

/// Rows from the ground up to a top edge.
struct BodyOfRows {
  double top = 0;       ///< storeys
  double score = 0;     ///< log-odds of all its rows together
  double outlined = 0;  ///< share of them that upright edges end between calm sides
  double outline = 0;   ///< mean log-odds that they do
};

/// Nearly every row ends where the facade does at both sides, and is unlike them or ends there
/// clearly. Needs no picture of the empty site.
bool is_surely_built(const BodyOfRows& body);

/// What one frame says about one facade, row by row from the ground up.
struct RowEvidence {
  std::vector<double> changed;    ///< share of the width that the pool cannot explain; -1 unknown
  std::vector<double> restless;   ///< the same beside the building, on the quieter side
  std::vector<double> beyond;     ///< share changed beyond what changes beside, 0..1
  std::vector<double> top_score;  ///< log-likelihood (up to a constant) of the top edge at each row
  double top = 0;                 ///< likeliest top edge, storeys
  double filled = 0;  ///< share of the facade below it that is changed, or unlike both sides where
                      ///< the pool knows nothing
  double unlike = 0;  ///< share of the facade below it that is unlike both sides
  double outlined = 0;  ///< share of the rows below it that upright edges end between calm sides
  double outline = 0;   ///< mean log-odds that they do, of all rows below it
  double built_by_sides = 0;  ///< top edge of a body that its sides alone prove, storeys; 0 none
  double low_block = 0;       ///< upper end of a changed block among the first storeys; 0 none
  double open_roof = 0;       ///< log-odds that no net hides the uppermost planned storeys
  double closed_roof = 0;     ///< log-odds that a parapet, not its rebar, stands on the roof slab
  double trust = 1;    ///< how well the pool explains what is known not to be the building, 0..1
  double witness = 1;  ///< how much of it earlier pictures did not say already, 0..1
  std::vector<double> timber;  ///< log-odds that the storey below this row is formwork, not slab
  std::vector<double> solid;   ///< log-odds that the third of a storey below this row is closed
};

}  // namespace jieding::vision

# SPDX-License-Identifier: Apache-2.0
# find_package(romp-sdk 1.0) gives the target romp::sdk and the function romp_add_plugin().
include(${CMAKE_CURRENT_LIST_DIR}/romp-sdk-targets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/romp_add_plugin.cmake)

# SPDX-License-Identifier: Apache-2.0

if(NOT DEFINED ROMP_PLUGIN_MAP)
  set(ROMP_PLUGIN_MAP ${CMAKE_CURRENT_LIST_DIR}/romp-plugin.map)
endif()
include(GNUInstallDirs)

# romp_plugin_options(TARGET): what a plugin must be compiled and linked with. It exports one symbol,
# finds every symbol when it is loaded, and is never unloaded.
function(romp_plugin_options target)
  target_link_libraries(${target} PRIVATE romp::sdk)
  set_target_properties(${target} PROPERTIES
    PREFIX "" SUFFIX ".so" POSITION_INDEPENDENT_CODE ON
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${ROMP_PLUGIN_MAP})
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if("CXX" IN_LIST languages)
    target_compile_features(${target} PRIVATE cxx_std_17)
  endif()
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  target_link_options(${target} PRIVATE
    LINKER:-z,now LINKER:-z,nodelete LINKER:-z,noexecstack LINKER:--version-script=${ROMP_PLUGIN_MAP})
  # The run-time symbols of a sanitizer are in the program, not in a library.
  string(FIND "${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS}" "-fsanitize" sanitized)
  if(sanitized EQUAL -1)
    target_link_options(${target} PRIVATE LINKER:-z,defs)
  endif()
  # The broker refuses a file that the group may write, which is what a umask of 002 makes.
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND chmod go-w $<TARGET_FILE:${target}> VERBATIM)
endfunction()

# Where the checker is installed next to the SDK, each plugin is looked at after it has been linked.
if(NOT CMAKE_PROJECT_NAME STREQUAL romp)
  find_program(ROMP_PLUGIN_CHECK romp-plugin-check HINTS ${CMAKE_CURRENT_LIST_DIR}/../../../bin)
endif()

# romp_add_plugin(NAME file...): a plugin NAME.so, installed where the broker looks for it, with its
# section NAME.ini if that is beside it. With ROMP_PLUGIN_OUTPUT_DIRECTORY set it is built there, else
# in the current binary directory.
function(romp_add_plugin name)
  if(NOT ARGN)
    message(FATAL_ERROR "romp_add_plugin(${name}): no source files")
  endif()
  add_library(${name} MODULE ${ARGN})
  romp_plugin_options(${name})
  if(ROMP_PLUGIN_OUTPUT_DIRECTORY)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${ROMP_PLUGIN_OUTPUT_DIRECTORY})
  endif()
  if(ROMP_PLUGIN_CHECK)
    add_custom_command(TARGET ${name} POST_BUILD
      COMMAND ${ROMP_PLUGIN_CHECK} --static $<TARGET_FILE:${name}> VERBATIM)
  endif()
  install(TARGETS ${name} LIBRARY DESTINATION ${ROMP_PLUGIN_DIR} COMPONENT plugins)
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${name}.ini)
    install(FILES ${name}.ini DESTINATION ${CMAKE_INSTALL_SYSCONFDIR}/romp/plugins.d COMPONENT plugins)
  endif()
endfunction()

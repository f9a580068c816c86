using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Members;

namespace Hype.Grains.Channels;

/// <summary>The result of a step: its effects, in the order in which they must be carried out, and the reply to the caller.</summary>
/// <param name="Error">The reason why the input was refused; <see cref="VoiceError.None"/> if it was accepted.</param>
/// <param name="Member">The admitted or resumed member, after <see cref="Join"/> and <see cref="Resume"/>.</param>
internal readonly record struct StepResult(IReadOnlyList<ChannelEffect> Effects, VoiceError Error, Member? Member);

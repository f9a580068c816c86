using Hype.LoadTest.Media;

namespace Hype.LoadTest.Targets;

/// <summary>One who is to join.</summary>
/// <param name="Number">Its own in the whole run, from 1; what <see cref="MediaClient.SpokenFrame.Speaker"/> says.</param>
/// <param name="Speaks">It will say frames.</param>
/// <param name="Hears">It wants to be sent what others say; a deaf speaker does not.</param>
/// <param name="Thread">Where its peers live.</param>
internal sealed record ParticipantSpec(uint Number, string Channel, bool Speaks, bool Hears, VoiceThread Thread, IParticipantObserver Observer)
{
    public string Name => $"load-{Number}";
}

namespace Hype.EndToEnd.Tests.Voice;

/// <summary>Waits until all participants of a group hear each other, or play the same mode.</summary>
internal static class Hearing
{
    /// <summary>Waits until each participant hears every other speaker of the group, and no other tone.</summary>
    public static async Task AllHearEachOtherAsync(params IReadOnlyCollection<Participant> everyone)
    {
        foreach (var listener in everyone)
            await listener.HearsExactlyAsync(everyone.Where(other => other != listener && other.Tone is not null), everyone);
    }

    /// <summary>
    /// Waits until every participant plays a layout of the mode <paramref name="mode"/>, and no participant is preparing another layout.
    /// </summary>
    public static async Task AllPlayAsync(string mode, params IReadOnlyCollection<Participant> everyone)
    {
        foreach (var participant in everyone)
            await participant.PlaysAsync(mode);
    }
}

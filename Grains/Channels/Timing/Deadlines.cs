namespace Hype.Grains.Channels.Timing;

/// <summary>Functions on optional deadlines; null means that there is no deadline.</summary>
internal static class Deadlines
{
    public static DateTimeOffset? Earliest(params ReadOnlySpan<DateTimeOffset?> times)
    {
        DateTimeOffset? earliest = null;
        foreach (var time in times)
        {
            if (time is not null && (earliest is null || time < earliest))
                earliest = time;
        }

        return earliest;
    }
}

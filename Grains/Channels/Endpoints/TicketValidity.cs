namespace Hype.Grains.Channels.Endpoints;

/// <summary>
/// The tickets of a lost node that may be used, and until when: the node may still run, and some time after its last contact it uses
/// indices beyond its tickets.
/// </summary>
/// <param name="Since">Only tickets of this time or later are valid.</param>
/// <param name="Until">The last moment at which a revival may be decided.</param>
internal sealed record TicketValidity(DateTimeOffset Since, DateTimeOffset Until);

namespace Hype.Grains.Channels.Members;

/// <summary>The media endpoints of members, as <see cref="Membership"/> needs them.</summary>
internal interface IMemberEndpoints
{
    /// <summary>The member's client is at a gateway (again): offers and moves that it may have missed are sent again.</summary>
    void OnClientReturned(Member member, DateTimeOffset now);

    /// <summary>The member may speak or listen, or no longer may.</summary>
    void UpdatePermissions(Member member);

    /// <summary>The member has left: its endpoints are removed.</summary>
    void Remove(Member member);
}

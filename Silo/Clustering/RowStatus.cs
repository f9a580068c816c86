namespace Hype.Silo.Clustering;

/// <summary>The result of one reading of the membership table.</summary>
internal enum RowStatus
{
    /// <summary>The table could not be read: the silo continues, since a running cluster does not need the table.</summary>
    Unknown,

    Member,

    /// <summary>The other silos have declared this silo dead.</summary>
    Dead,

    /// <summary>The table or the row of this silo is missing, so other silos may form another cluster.</summary>
    Missing,
}

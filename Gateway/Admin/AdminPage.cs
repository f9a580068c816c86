namespace Hype.Gateway.Admin;

/// <summary>The admin page is files in <c>wwwroot/admin</c>, open to everyone: what it shows, it asks the REST for with the administrator's token.</summary>
internal static class AdminPage
{
    private static readonly PathString Path = new("/admin");

    /// <summary>Nothing from elsewhere runs in a page that holds such a token, and no page of others frames its buttons.</summary>
    private const string Policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void Protect(HttpContext file)
    {
        if (!file.Request.Path.StartsWithSegments(Path))
            return;
        file.Response.Headers.ContentSecurityPolicy = Policy;
        file.Response.Headers.XContentTypeOptions = "nosniff";
        file.Response.Headers["Referrer-Policy"] = "no-referrer";
    }
}
